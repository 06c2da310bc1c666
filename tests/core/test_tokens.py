"""The colours as they stand in tokens.css: every pair that carries text can be read, in light and in dark."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from django.conf import settings

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")
TEXT = [
    ("ink", "surface"),
    ("ink", "bg"),
    ("ink", "sunk"),
    ("ink", "selected"),
    ("ink-2", "surface"),
    ("ink-2", "bg"),
    ("ink-2", "sunk"),
    ("ink-3", "surface"),
    ("ink-3", "bg"),
    ("ink-3", "sunk"),
    ("ink-3", "selected"),
    ("accent", "surface"),
    ("accent", "bg"),
    ("accent", "accent-bg"),
    ("on-accent", "accent"),
    ("ok", "ok-bg"),
    ("warn", "warn-bg"),
    ("bad", "bad-bg"),
    ("info", "info-bg"),
    ("ok", "surface"),
    ("warn", "surface"),
    ("bad", "surface"),
    ("info", "surface"),
    ("side-ink", "side-bg"),
    ("side-label", "side-bg"),
    ("on-alert", "alert"),
]
SHAPES = [("line-2", "surface"), ("line-2", "bg"), ("accent", "bg"), ("side-mark", "side-bg")]


def tokens(scheme: Scheme) -> dict[str, str]:
    css = (settings.BASE_DIR / "static/core/css/tokens.css").read_text()
    found: dict[str, str] = {}
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", css):
        pair = re.fullmatch(r"light-dark\((#\w{6}), (#\w{6})\)", value.strip())
        if pair:
            found.setdefault(name, pair[1] if scheme == "light" else pair[2])
        elif re.fullmatch(r"#\w{6}", value.strip()):
            found.setdefault(name, value.strip())
    return found


def luminance(colour: str) -> float:
    def linear(channel: str) -> float:
        value = int(channel, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_has_a_contrast_of_four_and_a_half(scheme: Scheme, ink: str, ground: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_of_controls_have_a_contrast_of_three(scheme: Scheme, shape: str, ground: str) -> None:
    colours = tokens(scheme)
    assert round(contrast(colours[shape], colours[ground]), 1) >= 3


def test_the_ageing_ramp_stays_in_order_in_greyscale() -> None:
    ramp = [luminance(tokens("light")[f"age-{step}"]) for step in range(5)]
    night = [luminance(tokens("dark")[f"age-{step}"]) for step in range(5)]
    assert ramp == sorted(ramp, reverse=True)
    assert night == sorted(night)
