"""Where Inter is, if its package is installed. Without it screens and PDFs use the system's font."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def find_inter() -> Path | None:
    """Inter's variable font."""
    spec = find_spec("fontpkg_inter")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "files/Inter[opsz,wght].ttf"
