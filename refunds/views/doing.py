"""Carrying out one action from a button, and saying how it went."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages

from core.errors import NotAllowed, Refused
from core.pages import PageRequest


def carried_out(request: PageRequest, action: Callable[..., Any], said: str, **facts: Any) -> Any:
    """What the action gave, said at the top of the next page; nothing where it was refused, with the reason."""
    try:
        done = action(by=request.page.by, **facts)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return None
    messages.success(request, said)
    return done
