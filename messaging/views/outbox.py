"""The outbox: what waits, what needs a person, what has left."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from core import clock
from core.pages import PageRequest, staff_page
from messaging.forms import MessageFilter
from messaging.kinds import kinds
from messaging.queries import TABS, Tab, counts_by_tab, found, in_tab, outbox, waiting_too_long

PAGE_SIZE = 50


@staff_page("messaging.view")
def messages_page(request: PageRequest) -> HttpResponse:
    """Every message of the chosen company, by what has to be done about it."""
    entity = request.page.entity
    tab = next((tab for tab in TABS if tab.name == request.GET.get("view")), TABS[0])
    form = MessageFilter(request.GET)
    rows = in_tab(outbox(entity), tab)
    if form.is_valid():
        rows = found(rows, form.cleaned_data["q"])
        rows = rows.filter(kind=form.cleaned_data["kind"]) if form.cleaned_data["kind"] else rows
    context = {
        "tabs": _tabs(request, tab),
        "tab": tab,
        "filter": form,
        "is_filtered": bool(request.GET.get("q") or request.GET.get("kind")),
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "labels": {name: kind.label for name, kind in kinds().items()},
        "waiting_too_long": waiting_too_long(entity, clock.now()),
    }
    return render(request, "messaging/messages.html", context)


def _tabs(request: PageRequest, chosen: Tab) -> list[dict[str, Any]]:
    counts = counts_by_tab(request.page.entity)
    return [
        {
            "label": tab.label,
            "url": request.page.url(view=None if tab.name == "all" else tab.name, page=None),
            "count": counts.get(tab.name, ""),
            "is_chosen": tab == chosen,
        }
        for tab in TABS
    ]
