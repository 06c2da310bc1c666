"""Everything that belongs into the build folder."""

from __future__ import annotations

from pathlib import Path

from core.ui.fonts import LATIN, fonts
from core.ui.parts import Part
from core.ui.sprite import sprite
from core.ui.styles import stylesheet


def build(target: Path, static_root: Path, *, unicodes: str = LATIN, force: bool = False) -> list[Path]:
    """Write the files that are missing or stale, and return them."""
    stale = [part for part in _parts(target, static_root, unicodes) if force or not part.is_current]
    for part in stale:
        part.write()
    return [part.path for part in stale]


def _parts(target: Path, static_root: Path, unicodes: str) -> list[Part]:
    return [sprite(target), *fonts(target, unicodes), stylesheet(target, static_root)]
