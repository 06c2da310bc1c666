"""The team's shared papers and sample files, which lie beside the project and never inside it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_path(name: str) -> Path:
    """A shared file, or a skip where the project was cloned alone."""
    folder = Path(os.environ.get("O2C_SHARED_DIR") or ROOT.parent / "shared")
    path = folder / name
    if not path.exists():
        pytest.skip(f"The shared file {name} is not on this machine.")
    return path
