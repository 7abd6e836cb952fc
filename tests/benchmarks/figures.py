"""The figures of the README other than routes: start-up, loading, one answer, the loss atlas.

Run:  python tests/benchmarks/figures.py
Wall times on one core; medians, with the fastest run beside them. Nothing here fails on a time.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import qualgraph as qg

FOLDER = Path(qg.__file__).parent


def milliseconds(task: Callable[[], object], repeats: int, calls: int = 1) -> str:
    """Median and fastest time of one call."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(calls):
            task()
        seconds.append((time.perf_counter() - start) / calls)
    return f"{statistics.median(seconds) * 1e3:9.3f} ms  (fastest {min(seconds) * 1e3:.3f})"


def process(*arguments: str) -> Callable[[], object]:
    """A whole process, from start to end."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def size(files: list[Path]) -> str:
    return f"{sum(each.stat().st_size for each in files) / 1e6:9.2f} MB"


def main() -> None:
    world = qg.load()
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, Qualgraph {qg.__version__}")
    print("Python alone                                  ", milliseconds(process("-c", "pass"), 15))
    print("Python and import qualgraph                   ", milliseconds(process("-c", "import qualgraph"), 15))
    print("whole process: qualgraph map nz-nzqcf:8 eqf   ", milliseconds(process("-m", "qualgraph", "map", "nz-nzqcf:8", "eqf"), 15))
    print("loading every bundled fact                    ", milliseconds(lambda: qg.load(FOLDER / "data"), 15))
    print("map_level, two routes, warm                   ", milliseconds(lambda: world.map_level("ie-nfq:8", to="nz-nzqcf"), 15, 2000))
    print("map_level, no counterpart with bracket, warm  ", milliseconds(lambda: world.map_level("nz-nzqcf:8", to="eqf"), 15, 2000))
    print("convert, three ways, warm                     ", milliseconds(lambda: world.convert("30 ects", to="cats"), 15, 2000))
    print("recognition_loss, every bundled framework     ", milliseconds(world.recognition_loss, 15))
    print("conflicts, every bundled document             ", milliseconds(world.conflicts, 15))
    print("reliance on every bundled document            ", milliseconds(world.reliance, 15))
    print("compiled engine and bindings                  ", size(list(FOLDER.glob("_core*"))))
    print("facts as text                                 ", size(list((FOLDER / "data").resolve().rglob("*.json"))))


if __name__ == "__main__":
    main()
