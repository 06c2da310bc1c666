"""Words and colours of late interest, write-offs and portfolios."""

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from core.templatetags.o2c import pill

register = template.Library()

TONES = {
    "charged": ("info", "receipt"),
    "waived": ("ok", "check"),
    "waits": ("warn", "clock"),
    "taken back": ("", "undo-2"),
    "written off": ("bad", "file-x"),
    "partly recovered": ("warn", "hand-coins"),
    "recovered": ("ok", "circle-check"),
    "reversed": ("", "undo-2"),
    "dropped": ("", "minus"),
}


@register.simple_tag
def charge_pill(state: str) -> SafeString:
    """Where a charge, a waiver or a write-off stands."""
    tone, drawing = TONES[state]
    return pill(state.capitalize(), tone, drawing)


@register.filter
def exact_percent(value: Decimal) -> str:
    """A rate of interest with all its decimals: 11.75%."""
    return f"{value.normalize():f}%"
