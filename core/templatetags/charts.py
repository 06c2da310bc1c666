"""Charts as plain SVG: the same markup in page, dark mode, print and PDF.

Every shape has a class for the screen's theme and the print colour as an attribute, because WeasyPrint doesn't apply a
page's styles inside SVG. Charts are drawn at natural size, so that their labels stay 11 px. Their figures always stand
in a table on the same page, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

PRINT_COLOURS: Final = {
    "age-0": "#cfd9e0",
    "age-1": "#f0c36d",
    "age-2": "#e08a3c",
    "age-3": "#c0512f",
    "age-4": "#7d1f2b",
    "sure-1": "#0b5f7a",
    "sure-2": "#6fa8bb",
    "sure-3": "#cfd9e0",
    "plain": "#0b5f7a",
    "ok": "#1a6b3a",
    "warn": "#e08a3c",
    "bad": "#ab2320",
}
AGEING: Final = ("age-0", "age-1", "age-2", "age-3", "age-4")
SURENESS: Final = ("sure-1", "sure-2", "sure-3")
INK: Final = "#5b6873"
GRID: Final = "#dfe4e8"
LEFT: Final = 44
BOTTOM: Final = 24
TOP: Final = 10


def number(value: float) -> str:
    """A coordinate without needless digits."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def nice_steps(highest: float, count: int = 4) -> list[float]:
    """Round figures from nought up to the highest, for the scale."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / count
    power = 10.0 ** (len(str(int(rough))) - 1) if rough >= 1 else 10.0 ** -len(str(int(1 / rough)))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    top = step
    while top < highest:
        top += step
    return [index * step for index in range(round(top / step) + 1)]


def short(value: float, sign: str = "") -> str:
    """£250k, £1.2m: as much as fits beside a scale."""
    if value >= 1_000_000:
        return f"{sign}{number(value / 1_000_000)}m"
    if value >= 1_000:
        return f"{sign}{number(value / 1_000)}k"
    return f"{sign}{number(value)}" if value else "0"


@register.simple_tag
def columns(
    series: Sequence[Mapping[str, Any]],
    title: str,
    colours: str = "age",
    sign: str = "",
    width: int = 680,
    height: int = 170,
) -> SafeString:
    """Stacked columns. Each of the series has label, values (bottom first), and may have href and tip."""
    shades = AGEING if colours == "age" else SURENESS if colours == "sure" else ("plain",)
    highest = max((float(sum(bar["values"])) for bar in series), default=0.0)
    steps = nice_steps(highest)
    scale = (height - BOTTOM - TOP) / steps[-1]
    slot = (width - LEFT) / max(len(series), 1)
    bars = [_column(bar, LEFT + slot * index, slot, height - BOTTOM, scale, shades) for index, bar in enumerate(series)]
    return _figure(title, width, height, [*_grid(steps, width, height, scale, sign), *bars])


def _column(
    bar: Mapping[str, Any], x: float, slot: float, floor: float, scale: float, shades: Sequence[str]
) -> SafeString:
    wide = min(slot * 0.66, 72)
    left = x + (slot - wide) / 2
    pieces, top = [], floor
    for value, shade in zip(bar["values"], shades, strict=False):
        high = max(float(value), 0.0) * scale
        top -= high
        if high >= 0.5:
            pieces.append(_piece(left, top, wide, max(high - 1, 0.5), shade))
    tip = bar.get("tip") or bar["label"]
    drawn = format_html("<g><title>{}</title>{}</g>", tip, format_html_join("", "{}", ((piece,) for piece in pieces)))
    if bar.get("href"):
        drawn = format_html('<a href="{}" aria-label="{}" data-tip="{}">{}</a>', bar["href"], tip, tip, drawn)
    return format_html(
        '{}<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
        drawn,
        number(x + slot / 2),
        number(floor + 16),
        INK,
        bar["label"],
    )


def _piece(x: float, y: float, width: float, height: float, shade: str) -> SafeString:
    return format_html(
        '<rect class="c-{}" x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        shade,
        number(x),
        number(y),
        number(width),
        number(height),
        PRINT_COLOURS[shade],
    )


def _grid(
    steps: Sequence[float], width: int, height: int, scale: float, sign: str, floor: float = 0.0
) -> list[SafeString]:
    lines = []
    for step in steps:
        y = height - BOTTOM - (step - floor) * scale
        lines.append(
            format_html(
                '<line class="c-grid" x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>'
                '<text x="{}" y="{}" text-anchor="end" fill="{}">{}</text>',
                LEFT,
                width,
                number(y),
                number(y),
                GRID,
                LEFT - 6,
                number(y + 4),
                INK,
                short(step, sign),
            )
        )
    return lines


@register.simple_tag
def line(
    points: Sequence[Mapping[str, Any]],
    title: str,
    target: Any = None,
    target_label: str = "target",
    width: int = 400,
    height: int = 170,
) -> SafeString:
    """One line over time, its last value written out. Each point has label and value."""
    values = [float(point["value"]) for point in points]
    if not values:
        return SafeString("")
    reach = [*values, float(target)] if target is not None else values
    floor, steps = _window(min(reach), max(reach))
    scale = (height - BOTTOM - TOP) / (steps[-1] - floor)
    right = width - 52
    stride = (right - LEFT) / max(len(values) - 1, 1)
    spots = [(LEFT + stride * i, height - BOTTOM - (v - floor) * scale) for i, v in enumerate(values)]
    parts = _grid(steps, right, height, scale, "", floor)
    if target is not None:
        parts.append(_target(height - BOTTOM - (float(target) - floor) * scale, right, target_label))
    parts += [_path(spots), *_dots(points, spots), *_dates(points, spots, height), _last(spots[-1], values[-1])]
    return _figure(title, width, height, parts)


def _window(lowest: float, highest: float) -> tuple[float, list[float]]:
    """Scale of a line: round figures that leave a little room, not always from nought."""
    spread = max(highest - lowest, abs(highest) * 0.1, 1.0)
    step = nice_steps(spread, 3)[1]
    floor = max(0.0, (lowest - spread * 0.1) // step * step)
    steps = [floor]
    while steps[-1] < highest + spread * 0.05:
        steps.append(steps[-1] + step)
    return floor, steps


def _target(y: float, right: float, label: str) -> SafeString:
    return format_html(
        '<line class="c-target" x1="{}" x2="{}" y1="{}" y2="{}" stroke="#ab2320" stroke-dasharray="4 3"/>'
        '<text class="c-target" x="{}" y="{}" fill="#ab2320">{}</text>',
        LEFT,
        number(right),
        number(y),
        number(y),
        number(right + 6),
        number(y + 4),
        label,
    )


def _path(spots: Sequence[tuple[float, float]]) -> SafeString:
    drawn = " ".join(f"{number(x)},{number(y)}" for x, y in spots)
    return format_html(
        '<polyline class="c-line" points="{}" fill="none" stroke="#0b5f7a" stroke-width="1.75" '
        'stroke-linejoin="round" stroke-linecap="round"/>',
        drawn,
    )


def _dots(points: Sequence[Mapping[str, Any]], spots: Sequence[tuple[float, float]]) -> list[SafeString]:
    return [
        format_html(
            '<circle class="c-dot" cx="{}" cy="{}" r="{}" fill="#0b5f7a" data-tip="{}"><title>{}</title></circle>',
            number(x),
            number(y),
            "3.5" if spot == len(spots) - 1 else "2",
            _spoken(points[spot]),
            _spoken(points[spot]),
        )
        for spot, (x, y) in enumerate(spots)
    ]


def _spoken(point: Mapping[str, Any]) -> str:
    return point.get("tip") or f"{point['label']}: {point['value']}"


def _dates(points: Sequence[Mapping[str, Any]], spots: Sequence[tuple[float, float]], height: int) -> list[SafeString]:
    last = len(points) - 1
    shown = sorted({0, last // 2, last})
    return [
        format_html(
            '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
            number(spots[i][0]),
            height - BOTTOM + 16,
            INK,
            points[i]["label"],
        )
        for i in shown
    ]


def _last(spot: tuple[float, float], value: float) -> SafeString:
    return format_html(
        '<text class="c-strong" x="{}" y="{}" font-weight="600" fill="#0b5f7a">{}</text>',
        number(spot[0] + 7),
        number(spot[1] + 4),
        number(value),
    )


def _figure(title: str, width: int, height: int, parts: Sequence[SafeString]) -> SafeString:
    """The drawing in a box that scrolls by itself on narrow screens."""
    return format_html(
        '<div class="chart-box" tabindex="0" role="group" aria-label="{}">'
        '<svg class="chart" width="{}" height="{}" viewBox="0 0 {} {}" role="group" aria-label="{}" '
        'font-family="Inter, sans-serif" font-size="11"><desc>{}</desc>{}</svg></div>',
        title,
        width,
        height,
        width,
        height,
        title,
        title,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


@register.simple_tag
def ageing_bar(values: Sequence[Any], label: str = "", width: int = 88, height: int = 8) -> SafeString:
    """Shares of not due, 1–30, 31–60, 61–90 and over 90 days, as one bar. Credits count as nothing."""
    amounts = [max(float(value or 0), 0.0) for value in values]
    total = sum(amounts)
    pieces, x = [], 0.0
    for amount, shade in zip(amounts, AGEING, strict=True):
        share = amount * width / total if total else 0.0
        if share:
            pieces.append(_piece(x, 0, max(share - 1, 0.5), height, shade))
        x += share
    return format_html(
        '<svg class="ageing" width="{}" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" '
        'role="img" aria-label="{}">{}</svg>',
        width,
        height,
        width,
        height,
        label or "Nothing is open",
        format_html_join("", "{}", ((piece,) for piece in pieces)),
    )


@register.simple_tag
def sparkline(values: Sequence[Any], label: str, width: int = 34, height: int = 14) -> SafeString:
    """The course of a figure, too small for a scale; the label says it in words."""
    figures = [float(value) for value in values]
    if len(figures) < 2:
        return SafeString("")
    low, spread = min(figures), (max(figures) - min(figures)) or 1.0
    stride = (width - 5) / (len(figures) - 1)
    spots = [(1 + stride * i, height - 3 - (v - low) / spread * (height - 6)) for i, v in enumerate(figures)]
    return format_html(
        '<svg class="spark" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<circle class="c-dot" cx="{}" cy="{}" r="2" fill="#0b5f7a"/></svg>',
        width,
        height,
        width,
        height,
        label,
        _path(spots),
        number(spots[-1][0]),
        number(spots[-1][1]),
    )


@register.simple_tag
def meter(share: Any, tone: str = "", label: str = "", width: int = 100) -> SafeString:
    """A thin bar filled to a share of 100; more than 100 fills it all."""
    filled = max(Decimal(0), min(Decimal(100), Decimal(str(share or 0))))
    shade = tone or "plain"
    naming = format_html(' role="img" aria-label="{}"', label) if label else SafeString(' aria-hidden="true"')
    return format_html(
        '<svg class="meter" width="{}" height="3" viewBox="0 0 100 3" preserveAspectRatio="none"{}>'
        '<rect class="c-rail" width="100" height="3" fill="#eef1f3"/>'
        '<rect class="c-{}" width="{}" height="3" fill="{}"/></svg>',
        width,
        naming,
        shade,
        number(float(filled)),
        PRINT_COLOURS[shade],
    )
