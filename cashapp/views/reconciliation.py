"""Reconciling a day of a bank account, on screen and as a workbook."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from cashapp.forms.statements import DayForm
from cashapp.models import BankStatementLine
from cashapp.queries.reconciliation import DayOnAccount, day_on_account, last_closed_on
from cashapp.reconciling import Difference
from core.models import BankAccount
from core.pages import PageRequest, staff_page
from core.xlsx import Column, Sheet, workbook_response


@staff_page("cashapp.view")
def reconciliation_page(request: PageRequest) -> HttpResponse:
    """Statement, receipts and ledger of one account and day, with every difference named."""
    form = _form(request)
    panel = _panel(form)
    return render(request, "cashapp/reconciliation.html", {"form": form, "panel": panel})


@staff_page("cashapp.view")
def reconciliation_workbook(request: PageRequest) -> HttpResponse | FileResponse:
    """The same as a workbook."""
    form = _form(request)
    panel = _panel(form)
    if panel is None:
        return render(request, "cashapp/reconciliation.html", {"form": form, "panel": None}, status=422)
    return workbook_response(list(_sheets(panel)), f"bank {panel.account.name} {panel.day}.xlsx")


def _form(request: PageRequest) -> DayForm:
    """As asked in the address, else the first account, on the last day that the bank closed for it."""
    page = request.page
    accounts = BankAccount.objects.filter(entity=page.entity).order_by("-is_active", "-is_default", "pk")
    asked = request.GET.get("account", "")
    account = (accounts.filter(pk=asked) if asked.isdecimal() else accounts).first()
    closed_on = last_closed_on(account, page.as_at) if account else None
    usual: dict[str, Any] = {"account": account.pk if account else None, "day": (closed_on or page.as_at).isoformat()}
    return DayForm(page.entity, {**usual, **request.GET.dict()})


def _panel(form: DayForm) -> DayOnAccount | None:
    if not form.is_valid():
        return None
    return day_on_account(form.cleaned_data["account"], form.cleaned_data["day"])


def _sheets(panel: DayOnAccount) -> Iterator[Sheet]:
    comparison = panel.comparison
    notes = [
        ("Account", str(panel.account)),
        ("Day", panel.day.isoformat()),
        ("Statement", f"{comparison.statement} {panel.account.currency}"),
        ("Ledger", f"{comparison.ledger} {panel.account.currency}"),
    ]
    columns = [Column("Cause", 24), Column("Difference", 80), Column("Amount", 16, total=True)]
    yield Sheet("Differences", columns, _difference_rows(comparison.differences), notes)
    heads = [Column("Booked", 12), Column("Other side", 32), Column("Text", 60), Column("Amount", 16, total=True)]
    yield Sheet("Bank lines", heads, _line_rows(panel.lines), notes[:2])


def _difference_rows(differences: tuple[Difference, ...]) -> Iterator[list[Any]]:
    for each in differences:
        yield [each.cause.replace("_", " ").capitalize(), each.sentence, each.amount]


def _line_rows(lines: list[BankStatementLine]) -> Iterator[list[Any]]:
    for line in lines:
        booked_on: date = line.booked_on
        yield [booked_on, line.payer, line.text or line.posting_text, line.amount]
