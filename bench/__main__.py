"""`make bench`: every goal of speed, measured, beside what the same server does without us in the same run.

    python -m bench [XS | S | M | L]

Without a size S and M are measured. A database of its own is made for each size, and dropped.
"""

import platform
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from os import cpu_count, getloadavg

import psutil

from bench import stage, workload
from bench.measures import Measure
from bench.table import table_of

stage.begin()

from bench.measuring import Earlier, measure  # noqa: E402 - Django has to know its database first

DEFAULT = ("S", "M")


def main() -> None:
    sizes = [size.upper() for size in sys.argv[1:]] or list(DEFAULT)
    if unknown := [size for size in sizes if size not in workload.SIZES]:
        sys.exit(f"There is no size {', '.join(unknown)}; choose of {', '.join(workload.SIZES)}.")
    print(_machine(), file=sys.stderr)
    measured: list[tuple[str, Measure]] = []
    try:
        for size, figure in _all(sizes):
            measured.append((size, figure))
            print(f"  {size} {figure.work}: {figure.ours:,.1f} {figure.unit}", file=sys.stderr, flush=True)
    finally:
        if measured:
            print(table_of(measured), flush=True)


def _all(sizes: list[str]) -> Iterator[tuple[str, Measure]]:
    earlier = Earlier()
    for size in sizes:
        folder = workload.folder_of(size)
        with stage.own_database():
            for figure in measure(size, folder, earlier):
                yield size, figure


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{one:.1f}" for one in getloadavg())
    now = datetime.now(UTC)
    return (
        f"{date.today():%d %B %Y} {now:%H:%M} UTC, {platform.machine()}, {cpu_count()} cores, {memory:.0f} GiB, "  # noqa: DTZ011
        f"load before the run {load}"
    )


if __name__ == "__main__":
    main()
