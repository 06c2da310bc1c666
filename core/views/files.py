"""Stored files, for people who work with the documents of their company; an administrator does not."""

from __future__ import annotations

from django.http import HttpResponse

from core.files import file_response
from core.models import StoredFile
from core.pages import PageRequest, staff_page
from core.permissions import require
from core.scoping import get_visible


@staff_page("core.view")
def stored_file(request: PageRequest, pk: int) -> HttpResponse:
    """A file as it was stored; ?download=1 saves it instead of showing it."""
    stored = get_visible(StoredFile, request.page.by, pk=pk)
    require(request.page.by, "core.open_file", stored.entity)
    return file_response(stored, download="download" in request.GET)
