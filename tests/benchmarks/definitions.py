"""A national catalogue under every definition: 1.85 million made-up credentials, already columnar.

Three times, stated apart: coding the columns (what a data frame or an Arrow table costs before the engine sees
it), the verdicts themselves, and what is counted from them. Peak memory is that of the whole process, columns
included, with what it was before the classification beside it. With --file the same catalogue is written as CSV
and read again: that is parsing, and is no part of the figure.

Run:  python tests/benchmarks/definitions.py [--size 1850000] [--file]
One core: the engine uses one thread for this. Times are judged by nobody; verdicts of a sample of rows are
compared with those of single records, and a difference fails the program.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

# One core, and said before NumPy and Arrow start their threads.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import pyarrow
import pyarrow.csv

import qualgraph as qg
from qualgraph import synthetic
from qualgraph.definitions import TableClassification
from qualgraph.definitions.columns import columns_of

T = TypeVar("T")


def timed(label: str, task: Callable[[], T], repeats: int = 5) -> T:
    """Median and fastest processor time, and the last answer."""
    seconds, answer = [], task()
    for _ in range(repeats):
        start = time.process_time()
        answer = task()
        seconds.append(time.process_time() - start)
    print(f"{label:<58} {statistics.median(seconds):7.2f} s  (fastest {min(seconds):.2f})", flush=True)
    return answer


def memory() -> float:
    """Peak memory of this process in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def check(world: qg.World, table: TableClassification, rows: int) -> None:
    """Rows of the table against the same records one by one."""
    for row in random.Random(1).sample(range(rows), min(rows, 200)):
        id = table.ids[row]
        if table[id] != table.classification(id).verdicts:
            sys.exit(f"row {id}: the table and the record alone disagree")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=1_850_000)
    parser.add_argument("--file", action="store_true", help="write the catalogue as CSV and read it, too")
    options = parser.parse_args()
    pyarrow.set_cpu_count(1)
    world = qg.load()
    arrow = synthetic.catalogue(options.size).to_arrow()
    definitions = [one for one in world.definitions if one.tested]
    print(
        f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, Qualgraph {qg.__version__}; "
        f"{len(arrow):,} credentials, {len(arrow.column_names) - 1} columns, {len(definitions)} definitions with "
        f"{sum(len(one.clauses) for one in definitions)} clauses"
    )
    before = memory()
    columns = timed("coding the columns of an Arrow table", lambda: columns_of(arrow))
    table = timed("verdicts of every definition on every credential", lambda: TableClassification(world, columns, {}))
    timed("the same, from the Arrow table", lambda: world.classify_table(arrow), 3)
    timed("  with small as 3 ECTS credits", lambda: world.classify_table(arrow, small="3 ects"), 3)
    print(f"{'peak memory of the process':<58} {memory():7.0f} MB (before: {before:.0f} MB)")
    timed("counts by definition", lambda: table.counts)
    timed("overlaps of every pair of definitions", lambda: table.overlaps)
    timed("intersections of all definitions", lambda: table.intersections())
    timed("counts for every meaning of small, 1 to 60 ECTS credits", lambda: table.sweep("ects"), 3)
    timed("verdicts as an Arrow table", lambda: table.to_arrow())
    check(world, table, len(arrow))
    if options.file:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "catalogue.csv"
            flat = {
                name: column.cast(pyarrow.string()) if pyarrow.types.is_dictionary(column.type) else column
                for name, column in zip(arrow.column_names, arrow.columns, strict=True)
            }
            pyarrow.csv.write_csv(pyarrow.table(flat), path)
            size = path.stat().st_size / 1e6
            timed(f"parsing it from CSV ({size:.0f} MB), no part of the figure", lambda: columns_of(path), 1)


if __name__ == "__main__":
    main()
