"""The months of the books: which are open, and locking, closing and opening them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, Refused
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from ledger.actions import close_period, reopen_period, soft_lock_period
from ledger.models import AccountingPeriod
from ledger.queries import periods_with_entries


@staff_page("ledger.view")
def periods_page(request: PageRequest) -> HttpResponse:
    """Every month of the chosen company."""
    return render(request, "ledger/periods.html", {"rows": periods_with_entries(request.page.entity)})


@staff_page("ledger.view")
@require_POST
def soft_lock(request: PageRequest, pk: int) -> HttpResponse:
    """Lock a month for all but those who may post late."""
    return _turn(request, pk, soft_lock_period, "soft-locked")


@staff_page("ledger.view")
@require_POST
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Close a month."""
    return _turn(request, pk, close_period, "closed")


@staff_page("ledger.view")
@require_POST
def reopen(request: PageRequest, pk: int) -> HttpResponse:
    """Open a month again."""
    return _turn(request, pk, reopen_period, "open again")


def _turn(request: PageRequest, pk: int, action: Callable[..., Any], outcome: str) -> HttpResponse:
    period = get_visible(AccountingPeriod.objects.select_related("entity"), request.page.by, pk=pk)
    try:
        action(by=request.page.by, period=period, reason=request.POST.get("reason", "").strip())
    except NotAllowed:
        raise
    except Refused as refusal:
        context = {"rows": periods_with_entries(request.page.entity), "refusal": refusal.message, "refused": pk}
        return render(request, "ledger/periods.html", context, status=422)
    messages.success(request, f"{period} is {outcome}.")
    return redirect("ledger:periods")
