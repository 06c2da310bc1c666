"""Short messages in an answer to htmx; after a redirect use django.contrib.messages."""

from __future__ import annotations

from django.http import HttpResponse
from django_htmx.http import trigger_client_event


def say(response: HttpResponse, text: str, undo: str = "") -> HttpResponse:
    """Show a message, with an undo button that posts to an address.

    It shows when the answer stands on the page: before that a key that is pressed at once would be typed into the
    field that is about to go.
    """
    trigger_client_event(response, "toast", {"text": text, "undo": undo}, after="settle")
    return response
