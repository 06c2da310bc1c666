"""Webhooks of GoCardless: signed over the body exactly as it came, many events in one."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened there; it may be sent again, under the same id. A reason comes with failures."""

    identifier: str
    resource_type: str
    action: str
    resource: str
    scheme: str = ""
    reason: str = ""


class NotAnEvent(ValueError):
    """The body is no webhook."""


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the signature is the body's, under the secret of the address. Compared in constant time."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(expected.encode(), signature.strip().lower().encode())


def events_in(body: bytes) -> Iterator[Event]:
    """The events of a webhook, in its order."""
    try:
        found = json.loads(body)["events"]
        yield from [_event(one) for one in found]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotAnEvent("This is no webhook of GoCardless.") from None


def _event(one: dict[str, Any]) -> Event:
    links, details, kind = one.get("links") or {}, one.get("details") or {}, str(one["resource_type"])
    return Event(
        identifier=str(one["id"])[:80],
        resource_type=kind[:40],
        action=str(one["action"])[:60],
        resource=str(links.get(kind.removesuffix("s")) or "")[:80],
        scheme=str(details.get("scheme") or "")[:20],
        reason=str(details.get("reason_code") or "")[:20],
    )
