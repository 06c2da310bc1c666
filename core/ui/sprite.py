"""The icons in one SVG, so that a use of one costs fifty bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

from core.ui import icons
from core.ui.parts import Part


def sprite(target: Path) -> Part:
    """A symbol per icon, for <use href="icons.svg#name">."""
    archive = lucide_archive()
    return Part(
        path=target / "core/icons.svg",
        sources=(archive, Path(icons.__file__)),
        make=lambda: symbols(archive, icons.ICONS).encode(),
    )


def lucide_archive() -> Path:
    """The zip of drawings inside the lucide package."""
    spec = find_spec("lucide")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package lucide is missing: install requirements.lock.")
    return Path(spec.origin).with_name("lucide.zip")


def symbols(archive: Path, names: Iterable[str]) -> str:
    """The sprite's text."""
    with ZipFile(archive) as drawings:
        parts = [_symbol(name, drawings.read(f"{name}.svg").decode()) for name in sorted(names)]
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(parts) + "</svg>\n"


def _symbol(name: str, drawing: str) -> str:
    inside = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    shapes = re.sub(r"\s+", " ", inside).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'
