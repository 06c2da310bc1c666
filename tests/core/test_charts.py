"""Charts are plain SVG that needs neither scripts nor styles, and says its message in words."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from lxml import etree

from core.templatetags.charts import ageing_bar, columns, line, meter, nice_steps, sparkline

BARS = [
    {"label": "Oct", "values": [400, 100, 50, 20, 30], "href": "/ageing/?as_at=2026-10-31", "tip": "Oct: 600"},
    {"label": "<b>", "values": [0, 0, 0, 0, 0]},
]


@pytest.mark.parametrize(
    ("highest", "steps"),
    [
        (817_000, [0, 250_000, 500_000, 750_000, 1_000_000]),
        (9, [0, 2.5, 5, 7.5, 10]),
        (0.4, [0, 0.1, 0.2, 0.3, 0.4]),
        (0, [0, 1]),
    ],
)
def test_a_scale_has_round_figures(highest: float, steps: list[float]) -> None:
    assert nice_steps(highest) == pytest.approx(steps)


def test_columns_stack_in_proportion_and_open_their_documents() -> None:
    root = etree.fromstring(columns(BARS, "Receivables by age"))
    heights = [float(rect.get("height", "0")) for rect in root.iter("rect")]
    assert len(heights) == 5
    assert heights[0] == pytest.approx(4 * (heights[1] + 1) - 1, abs=0.3)
    assert [link.get("href") for link in root.iter("a")] == ["/ageing/?as_at=2026-10-31"]


def test_what_people_typed_stays_text() -> None:
    assert "<b>" not in columns(BARS, "<i>")


@pytest.mark.parametrize(
    "drawing",
    [
        columns(BARS, "Receivables"),
        line([{"label": "Oct", "value": 38}, {"label": "Nov", "value": Decimal("37.4")}], "DSO", target=35),
        ageing_bar([1, 2, 3, 4, 5], "15 open"),
        sparkline([3, 2, 1], "falling"),
        meter(40, label="40% of the limit"),
    ],
)
def test_a_drawing_has_no_styles_and_every_shape_a_print_colour(drawing: str) -> None:
    root = etree.fromstring(drawing)
    assert "style=" not in drawing
    assert root.get("aria-label")
    for shape in [*root.iter("rect"), *root.iter("circle"), *root.iter("text")]:
        assert re.fullmatch(r"#\w{6}", shape.get("fill", "")), etree.tostring(shape)


def test_an_ageing_bar_counts_credits_as_nothing_and_takes_nothing_at_all() -> None:
    rects = list(etree.fromstring(ageing_bar([Decimal(-50), 100, None, 0, 100])).iter("rect"))
    assert [rect.get("class") for rect in rects] == ["c-age-1", "c-age-4"]
    assert "Nothing is open" in ageing_bar([0, 0, 0, 0, 0])


def test_a_line_shows_its_last_value_and_its_target() -> None:
    points = [{"label": month, "value": value} for month, value in (("Sep", 41.2), ("Oct", 39), ("Nov", 37.4))]
    drawing = line(points, "DSO", target=35)
    assert ">37.4<" in drawing
    assert ">target<" in drawing
    assert line([], "Nothing yet") == ""


def test_a_meter_never_leaves_its_rail() -> None:
    assert 'width="100"' in meter(340)
    assert 'width="0"' in meter(Decimal("-3"))
