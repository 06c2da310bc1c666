"""Inter cut down to what we write: a variable font for the browser and fixed weights for PDFs."""

from __future__ import annotations

import io
import logging
from functools import lru_cache
from pathlib import Path
from typing import Final

from fontTools import subset as subsetting
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from core.ui.inter import find_inter
from core.ui.parts import Part

LATIN: Final = (
    "U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6,U+02DA,U+02DC,U+1E9E,U+2002-200A,U+2010-2015,U+2018-201E,"
    "U+2020-2022,U+2026,U+202F,U+2030,U+2032-2033,U+2039-203A,U+20A4,U+20AC,U+2116,U+2122,U+2190-2193,U+21B5,U+2212,"
    "U+2248,U+2260,U+2264-2265"
)
FEATURES: Final = ("kern", "calt", "ccmp", "locl", "mark", "tnum")
SCREEN_WEIGHTS: Final = (400.0, 700.0)
PDF_WEIGHTS: Final = (400, 500, 600, 700)
READING_SIZE: Final = 14

Limits = dict[str, float | tuple[float, float]]


def fonts(target: Path, unicodes: str = LATIN) -> list[Part]:
    """The browser's font and one file per weight for PDFs; none when Inter isn't installed."""
    source = find_inter()
    if source is None:
        return []
    screen = Part(
        path=target / "core/fonts/inter-latin.woff2",
        sources=(source, Path(__file__)),
        make=lambda: _cut(source, unicodes, {"wght": SCREEN_WEIGHTS, "opsz": READING_SIZE}, flavor="woff2"),
    )
    return [screen, *(_pdf_font(target, source, unicodes, weight) for weight in PDF_WEIGHTS)]


def _pdf_font(target: Path, source: Path, unicodes: str, weight: int) -> Part:
    """The variable font would double the time of each PDF."""
    return Part(
        path=target / f"core/fonts/inter-{weight}.ttf",
        sources=(source, Path(__file__)),
        make=lambda: _cut(source, unicodes, {"wght": weight, "opsz": READING_SIZE}),
    )


def _cut(source: Path, unicodes: str, limits: Limits, *, flavor: str | None = None) -> bytes:
    # Instancing a font object straight after subsetting it fails in fontTools, hence from bytes.
    font = TTFont(io.BytesIO(_subset(source, unicodes)))
    instance = instancer.instantiateVariableFont(font, limits, updateFontNames=flavor is None)
    instance.flavor = flavor
    return _saved(instance)


@lru_cache(maxsize=1)
def _subset(source: Path, unicodes: str) -> bytes:
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = subsetting.Options(layout_features=[*FEATURES], name_IDs=["*"], notdef_outline=True)
    font = subsetting.load_font(str(source), options)
    subsetter = subsetting.Subsetter(options)
    subsetter.populate(unicodes=subsetting.parse_unicodes(unicodes))
    subsetter.subset(font)
    return _saved(font)


def _saved(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
