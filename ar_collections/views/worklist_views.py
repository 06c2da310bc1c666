"""A collector's own views of the worklist: a view with the words looked for, kept under a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from ar_collections.forms.worklist import KeepViewForm
from ar_collections.queries.worklist import VIEWS
from core.actions import delete_view, save_view
from core.models import SavedView, User
from core.pages import PageRequest, staff_page

PAGE = "collections:worklist"
MOST = 8


@dataclass(frozen=True, slots=True)
class OwnView:
    """A kept view with how many customers it holds."""

    saved: SavedView
    count: int
    is_current: bool


def saved_views(by: User) -> list[SavedView]:
    """The person's own ones, by name."""
    return list(SavedView.objects.filter(user=by, page=PAGE).order_by("name")[:MOST])


def own_views(saved: Sequence[SavedView], counts: Sequence[int], current: str) -> list[OwnView]:
    """Each with its count; `current` is what the address asks for."""
    return [OwnView(view, count, view.query == current) for view, count in zip(saved, counts, strict=True)]


def query_of(view: str, words: str) -> str:
    """What is kept of an address."""
    return urlencode({"view": view, **({"q": words} if words else {})})


@require_POST
@staff_page("collections.view")
def keep_view(request: PageRequest) -> HttpResponse:
    """Keep the list as it stands under a name."""
    form = KeepViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write a name for the view.")
        return redirect(PAGE)
    given = form.cleaned_data
    query = query_of(given["view"] if given["view"] in VIEWS else "all", given["q"])
    save_view(by=request.page.by, page=PAGE, name=given["name"], query=query)
    messages.success(request, f"“{given['name']}” stands above the list now.")
    return redirect(f"{reverse(PAGE)}?{query}")


@require_POST
@staff_page("collections.view")
def drop_view(request: PageRequest, pk: int) -> HttpResponse:
    """Drop one of one's own views."""
    view = get_object_or_404(SavedView, pk=pk, user=request.page.by, page=PAGE)
    delete_view(by=request.page.by, view=view)
    messages.success(request, f"The view “{view.name}” is dropped.")
    return redirect(PAGE)


def asked_by(query: str) -> tuple[str, str]:
    """Which view an address that was kept asks for, and which words."""
    asked = parse_qs(query)
    return asked.get("view", ["all"])[0], asked.get("q", [""])[0]
