"""What this machine lacks, said when the portal starts. Everything else works without it."""

from ctypes import CDLL
from typing import Any, Final

from django.core.checks import CheckMessage, Warning, register

APT_LINE: Final = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0"
PANGO: Final = ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "pangoft2-1.0-0")


@register
def check_pango(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """PDFs need Pango, which no wheel brings."""
    if any(_loads(name) for name in PANGO):
        return []
    return [Warning(f"PDFs can't be made: the Pango library is missing. Type: {APT_LINE}", id="core.W001")]


def _loads(name: str) -> bool:
    try:
        CDLL(name)
    except OSError:
        return False
    return True
