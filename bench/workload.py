"""The ledgers that are measured on: written once by the neutral generator and kept for the next run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from o2c import local

GENERATOR = local.BASE_DIR.parent / "shared" / "bench" / "gen.py"
SIZES = ("XS", "S", "M", "L")


def folder_of(size: str) -> Path:
    """The folder of a size."""
    folder = local.folder() / "bench" / size
    if not (folder / "meta.json").exists():
        _generate(size, folder)
    return folder


def expected(folder: Path) -> dict[str, Any]:
    """What the generator says of its own ledger: the ageing at two dates."""
    answer: dict[str, Any] = json.loads((folder / "expected.json").read_text())
    return answer


def _generate(size: str, folder: Path) -> None:
    if not GENERATOR.is_file():
        sys.exit(
            f"The generator of the measured ledgers is not here. Put gen.py at {GENERATOR}, or a folder that it wrote "
            f"at {folder}."
        )
    print(f"Writing the ledger of size {size} …", file=sys.stderr, flush=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(GENERATOR), str(folder), "--size", size]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - the project's own generator
