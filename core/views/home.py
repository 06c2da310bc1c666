"""Where a person starts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.errors import NotAllowed
from core.navigation import sections
from core.pages import page_of


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """The first room that the person may open; one's own settings while there is none."""
    try:
        rooms = [room for section in sections(page_of(request)) for room in section.rooms]
    except NotAllowed:
        rooms = []
    return redirect(rooms[0].url if rooms else "core:my_settings")
