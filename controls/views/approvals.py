"""Requests for approval: the queue, one request, and saying no. Saying yes belongs to the room that acts on it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from controls.actions import decline_request, withdraw_request
from controls.forms import CommentForm
from controls.models import ApprovalRequest, Authority
from controls.queries import (
    COUNTED_DAYS,
    history_of,
    reach_of,
    requests_decided,
    requests_of,
    requests_waiting,
    why_not,
)
from core.errors import NotAllowed, Refused
from core.pages import PageRequest, staff_page
from core.permissions import may

SHOWN = 100
VIEWS = {"waiting": "Waiting for me", "mine": "Asked by me", "decided": "Decided"}


@staff_page("controls.view")
def approvals(request: PageRequest) -> HttpResponse:
    """The queue, with the first request open."""
    view = _view(request)
    rows = list(_rows(request, view)[:SHOWN])
    chosen = rows[0] if rows and not request.GET.get("list") else None
    return _page(request, view, rows, chosen, by_itself=True)


@staff_page("controls.view")
def approval(request: PageRequest, pk: int) -> HttpResponse:
    """One request: the document, its reason, its effect, its history, and the decision."""
    chosen = _opened(request, pk)
    if request.htmx:
        return render(request, "controls/approvals.html#detail", _detail(request, chosen))
    view = _view(request)
    rows = list(_rows(request, view)[:SHOWN])
    return _page(request, view, rows, chosen, by_itself=False)


@require_POST
@staff_page("controls.view")
def decline(request: PageRequest, pk: int) -> HttpResponse:
    """Say no, and why."""
    chosen = _opened(request, pk)
    request.page.ask_first("controls.decide_request")
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(sentence) for sentence in form.errors["comment"]))
        return redirect("controls:approval", pk)
    comment = form.cleaned_data["comment"]
    try:
        decline_request(by=request.page.by, request=chosen, comment=comment, decided_on=request.page.today)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("controls:approval", pk)
    messages.success(request, f"{chosen} is declined. {chosen.requested_by} sees why.")
    return redirect("controls:approvals")


@require_POST
@staff_page("controls.view")
def withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Take one's own question back."""
    chosen = _opened(request, pk)
    withdraw_request(by=request.page.by, request=chosen)
    messages.success(request, f"{chosen} is withdrawn.")
    return redirect(f"{reverse('controls:approvals')}?view=mine")


def _view(request: PageRequest) -> str:
    asked = request.GET.get("view", "waiting")
    return asked if asked in VIEWS else "waiting"


def _rows(request: PageRequest, view: str) -> QuerySet[ApprovalRequest]:
    by = request.page.by
    if view == "mine":
        return requests_of(by=by)
    return requests_decided(by=by) if view == "decided" else requests_waiting(by=by, as_of=request.page.today)


def _opened(request: PageRequest, pk: int) -> ApprovalRequest:
    rows = ApprovalRequest.objects.select_related("entity", "requested_by", "decided_by")
    found = rows.filter(pk=pk).first()
    if found is None or not may(request.page.by, "controls.view", found.entity):
        raise Http404("There is no such request, or it belongs to a company that you have no role in.")
    request.page.entity = found.entity
    return found


def _page(
    request: PageRequest, view: str, rows: list[ApprovalRequest], chosen: ApprovalRequest | None, *, by_itself: bool
) -> HttpResponse:
    tabs = [(key, label, _rows(request, key).count() if key == "waiting" else None) for key, label in VIEWS.items()]
    context = {"rows": rows, "tabs": tabs, "view": view, "by_itself": by_itself}
    detail = _detail(request, chosen) if chosen else {}
    return render(request, "controls/approvals.html", {**context, **detail})


def _detail(request: PageRequest, chosen: ApprovalRequest) -> dict[str, Any]:
    page = request.page
    reach = reach_of(
        by=page.by,
        entity=chosen.entity,
        kind=Authority(chosen.kind),
        currency=chosen.currency,
        counts_with=chosen.counts_with,
        as_of=page.today,
    )
    return {
        "chosen": chosen,
        "is_waiting": chosen.is_waiting(page.today),
        "obstacle": why_not(by=page.by, request=chosen, as_of=page.today),
        "reach": reach,
        "counted_days": COUNTED_DAYS,
        "decide_url": _decide_url(chosen),
        "history": history_of(chosen)[:20],
        "form": CommentForm(),
    }


def _decide_url(chosen: ApprovalRequest) -> str:
    try:
        return reverse(chosen.decide_url_name, args=[chosen.pk])
    except NoReverseMatch:
        return ""
