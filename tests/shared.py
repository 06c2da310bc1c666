"""Real input that lies beside the project and is never copied into it."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("O2C_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def shared_path(name: str) -> Path:
    """The file or folder, or a skipped test where it is missing."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the project")
    return path


def shared_files(pattern: str) -> list[Path]:
    """All files of a pattern, for parametrised tests; empty where the folder is missing."""
    return sorted(FOLDER.glob(pattern))
