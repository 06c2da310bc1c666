"""Callbacks of Access PaySuite: unsigned, with bank details in clear, and silent about success.

Nothing in them is believed. Only which object changed is kept, and asked for through the API.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SOURCES = frozenset({"ADDACS", "ARUDD", "DDICA"})
RENAMED = {"DDIC": "DDICA"}


@dataclass(frozen=True, slots=True)
class Callback:
    """Which object of which kind changed, and the report's code where it names one."""

    key: str
    about: str
    identifier: str
    status: str
    codes: str = ""
    code: str = ""


class NotACallback(ValueError):
    """The body names no object."""


def token_of(code: str, secret: str) -> str:
    """The part of the address that nobody guesses: there is no signature to check."""
    return hmac.new(secret.encode(), f"callback:{code}".encode(), hashlib.sha256).hexdigest()[:40]


def callbacks_in(body: bytes) -> Iterator[Callback]:
    """The objects that are told of. Kinds that are not known are kept as well: there are more than the papers name."""
    try:
        found = json.loads(body)
        yield from [_callback(one) for one in (found if isinstance(found, list) else [found])]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotACallback("This is no callback of Access PaySuite.") from None


def _callback(one: dict[str, Any]) -> Callback:
    about, identifier = str(one["Entity"]).lower()[:40], str(one["Id"])[:80]
    source = str(one.get("Source") or "").upper()
    told = (about, identifier, one.get("NewStatus"), one.get("ChangeDate"), one.get("ReportCode"))
    codes = RENAMED.get(source, source)
    return Callback(
        key=hashlib.sha256(repr(told).encode()).hexdigest(),
        about=about,
        identifier=identifier,
        status=str(one.get("NewStatus") or "")[:60],
        codes=codes if codes in SOURCES else "",
        code=str(one.get("ReportCode") or "").strip()[:20],
    )
