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
    for label, task, calls in (
        ("Python alone", process("-c", "pass"), 1),
        ("Python and import qualgraph", process("-c", "import qualgraph"), 1),
        ("whole process: qualgraph map nz-nzqcf:8 eqf", process("-m", "qualgraph", "map", "nz-nzqcf:8", "eqf"), 1),
        ("loading every bundled fact", lambda: qg.load(FOLDER / "data"), 1),
        ("map_level, two routes, warm", lambda: world.map_level("ie-nfq:8", to="nz-nzqcf"), 2000),
        ("map_level, no counterpart with bracket, warm", lambda: world.map_level("nz-nzqcf:8", to="eqf"), 2000),
        ("convert, three ways, warm", lambda: world.convert("30 ects", to="cats"), 2000),
        ("recognition_loss, every bundled framework", world.recognition_loss, 1),
        ("conflicts, every bundled document", world.conflicts, 1),
        ("reliance on every bundled document", world.reliance, 1),
    ):
        print(f"{label:<46}", milliseconds(task, 15, calls))
    print("compiled engine and bindings                  ", size(list(FOLDER.glob("_core*"))))
    print("facts as text                                 ", size(list((FOLDER / "data").resolve().rglob("*.json"))))


if __name__ == "__main__":
    main()
