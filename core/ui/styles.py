"""All style files of all rooms as one stylesheet, since each request costs more than the bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from core.ui.inter import find_inter
from core.ui.parts import Part

LAYERS: Final = ("reset", "tokens", "base", "layout", "parts", "screens", "print")
FONT_FACE: Final = (
    '@font-face{font-family:"Inter";font-style:normal;font-display:swap;font-weight:400 700;'
    'src:url("../fonts/inter-latin.woff2") format("woff2")}\n'
)


def stylesheet(target: Path, static_root: Path) -> Part:
    """The layers of core in their order, then the style files of the other rooms."""
    files = tuple(_style_files(static_root))
    return Part(
        path=target / "core/css/o2c.css",
        sources=(*files, Path(__file__)),
        make=lambda: _joined(files).encode(),
    )


def _style_files(static_root: Path) -> Iterable[Path]:
    core = static_root / "core/css"
    yield from sorted(core.glob("*.css"), key=_order)
    yield from (path for path in sorted(static_root.glob("*/css/*.css")) if path.parent != core)


def _order(path: Path) -> tuple[int, str]:
    """parts-tables.css belongs to the layer parts."""
    return LAYERS.index(path.stem.partition("-")[0]), path.stem


def _joined(files: Iterable[Path]) -> str:
    order = f"@layer {', '.join(LAYERS)};\n"
    face = FONT_FACE if find_inter() else ""
    return order + face + "".join(_squeezed(path.read_text(encoding="utf-8")) for path in files)


def _squeezed(css: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    lines = (line.strip() for line in without_comments.splitlines())
    return "\n".join(line for line in lines if line) + "\n"
