"""What people do about a day of a bank account: name differences, tie entries to lines, prepare, sign, open again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from cashapp.actions.reconciling import (
    name_variance,
    name_variances,
    prepare_reconciliation,
    reopen_reconciliation,
    sign_reconciliation,
    tie_posting,
    withdraw_reconciliation,
)
from cashapp.forms.reconciliation import DayForm, NameForm, ReasonForm
from cashapp.models import BankReconciliation, BankStatementLine
from cashapp.views.reconciliation import show_day
from core.errors import NotAllowed, Refused
from core.keys import key_in
from core.models import BankAccount
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from ledger.models import JournalEntry


@require_POST
@staff_page("cashapp.name_variance")
def name(request: PageRequest) -> HttpResponse:
    """Give a difference its owner, reason and date, or all that have none."""
    page, form = request.page, NameForm(request.page.entity, request.POST)
    account = get_visible(BankAccount, page.by, pk=_key(request, "account"), entity=page.entity)
    if not form.is_valid():
        return show_day(request, "Choose an owner, write a reason and a date.")
    facts = {key: form.cleaned_data[key] for key in ("owner", "reason", "due_on")}
    if "nameless" in request.POST:
        return _name_the_rest(request, facts)
    about = {"bank_account": account, "line": _line(request), "entry": _entry(request)}
    return _done(request, name_variance, "The difference has a name.", **about, **facts)


def _name_the_rest(request: PageRequest, facts: dict[str, Any]) -> HttpResponse:
    form = DayForm(request.page.entity, request.POST)
    if not form.is_valid():
        return show_day(request, "Choose an account and a day.")
    where = {"bank_account": form.cleaned_data["account"], "day": form.cleaned_data["day"]}
    return _done(request, name_variances, "Every difference has a name.", **where, **facts)


@require_POST
@staff_page("cashapp.tie_posting")
def tie(request: PageRequest) -> HttpResponse:
    """Say that an entry is about a bank line."""
    line, entry = _line(request), _entry(request)
    if line is None or entry is None:
        return show_day(request, "Choose the bank line that the entry is about.")
    return _done(request, tie_posting, "Both are the same money now.", line=line, entry=entry)


@require_POST
@staff_page("cashapp.prepare_reconciliation")
def prepare(request: PageRequest) -> HttpResponse:
    """Put a day together for whoever signs it."""
    form = DayForm(request.page.entity, request.POST)
    if not form.is_valid():
        return show_day(request, "Choose an account and a day.")
    facts = {"bank_account": form.cleaned_data["account"], "day": form.cleaned_data["day"]}
    note = request.POST.get("note", "")
    return _done(request, prepare_reconciliation, "Prepared. Somebody else signs it now.", **facts, note=note)


@require_POST
@staff_page("cashapp.withdraw_reconciliation")
def withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Take a prepared day back."""
    return _done(request, withdraw_reconciliation, "Withdrawn.", reconciliation=_row(request, pk))


@require_POST
@staff_page("cashapp.sign_reconciliation")
def sign(request: PageRequest, pk: int) -> HttpResponse:
    """Sign a day that somebody else prepared."""
    said = "Signed. Nothing more is posted to this account on these days."
    return _done(request, sign_reconciliation, said, reconciliation=_row(request, pk))


@require_POST
@staff_page("cashapp.reopen_reconciliation")
def reopen(request: PageRequest, pk: int) -> HttpResponse:
    """Open a signed day again, with a reason."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    said = "Open again, with every later day."
    return _done(request, reopen_reconciliation, said, reconciliation=_row(request, pk), reason=reason)


def _done(request: PageRequest, action: Callable[..., Any], said: str, **facts: Any) -> HttpResponse:
    """Carry an action out and go back to the day, or show the day with the refusal."""
    try:
        action(by=request.page.by, **facts)
    except NotAllowed:
        raise
    except Refused as refusal:
        return show_day(request, refusal.message)
    messages.success(request, said)
    account, day = request.POST.get("account", ""), request.POST.get("day", "")
    return redirect(f"{reverse('cashapp:reconciliation')}?account={account}&day={day}")


def _row(request: PageRequest, pk: int) -> BankReconciliation:
    return get_visible(BankReconciliation.objects.select_related("bank_account__entity"), request.page.by, pk=pk)


def _key(request: PageRequest, field: str) -> int:
    return key_in(request.POST.get(field, "")) or 0


def _line(request: PageRequest) -> BankStatementLine | None:
    pk = _key(request, "line")
    rows = BankStatementLine.objects.select_related("bank_account__entity")
    return get_visible(rows, request.page.by, pk=pk) if pk else None


def _entry(request: PageRequest) -> JournalEntry | None:
    pk = _key(request, "entry")
    return get_visible(JournalEntry.objects.select_related("entity"), request.page.by, pk=pk) if pk else None
