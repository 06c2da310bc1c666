"""Settlement files of payment providers: payments, fees, net, and the bank line on which each payout arrived."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.settlements import take_in_settlement
from cashapp.models import BankStatement
from cashapp.queries.settlements import (
    SettledRow,
    figures_of,
    payouts_in,
    provider_named,
    rows_of,
    settled_lines,
    settlements_of,
)
from cashapp.queries.statements import matching_of
from cashapp.settlements import PROVIDERS
from cashapp.tasks import match_lines
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

PAGE_SIZE = 100
COLUMNS = [
    Column("Booked", 12),
    Column("What", 12),
    Column("Payment", 30),
    Column("Customer", 32),
    Column("Payer", 28),
    Column("Words", 40),
    Column("Payout", 26),
    Column("Currency", 10),
    Column("Gross", 14, total=True),
    Column("Fee", 12, total=True),
    Column("Net", 14, total=True),
    Column("Difference", 60),
]


@staff_page("cashapp.view")
def settlements_page(request: PageRequest) -> HttpResponse:
    """Every settlement file, and how much of it nobody has booked."""
    rows = settlements_of(request.page.entity, request.page.by)
    return render(
        request,
        "cashapp/settlements.html",
        {"rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")), "providers": PROVIDERS},
    )


@staff_page("cashapp.view")
def settlement_page(request: PageRequest, pk: int) -> HttpResponseBase:
    """One file: what it comes to, its payouts with their bank lines, and every movement with what became of it."""
    page = request.page
    statement = _settlement(request, pk)
    everything = rows_of(settled_lines(statement))
    if request.GET.get("format") == "xlsx":
        notes = [("Company", statement.bank_account.entity.name), ("Settlement", str(statement))]
        sheet = Sheet("Movements", COLUMNS, _cells(everything), notes)
        return workbook_response([sheet], f"settlement-{statement.pk}.xlsx")
    differing = [row for row in everything if row.settled and row.settled.difference]
    shown = differing if request.GET.get("view") == "differences" else everything
    provider = everything[0].movement.provider if everything else ""
    context = {
        "statement": statement,
        "figures": figures_of(everything),
        "payouts": payouts_in(statement),
        "rows": Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
        "only_differences": shown is differing,
        "differing": len(differing),
        "provider": provider,
        "is_missing": bool(provider) and provider_named(statement.bank_account.entity, provider) is None,
        "run": matching_of(statement),
        "may_take_in": page.may("cashapp.take_in_settlement") and page.is_live,
    }
    return render(request, "cashapp/settlement.html", context)


@require_POST
@staff_page("cashapp.view")
def take_in(request: PageRequest, pk: int) -> HttpResponse:
    """Look again at what could not be booked."""
    statement = _settlement(request, pk)
    request.page.ask_first("cashapp.take_in_settlement", statement.bank_account.entity)
    run = take_in_settlement(by=request.page.by, statement=statement)
    match_lines.delay(run.pk)
    messages.success(request, "It is looked at again. What is booked stays as it is.")
    return redirect("cashapp:settlement", statement.pk)


def _settlement(request: PageRequest, pk: int) -> BankStatement:
    rows = BankStatement.objects.select_related("bank_account__entity", "file")
    return get_visible(rows, request.page.by, pk=pk)


def _cells(rows: list[SettledRow]) -> Iterator[list[Cell]]:
    for row in rows:
        movement, line = row.movement, row.movement.line
        payment = row.settled.payment if row.settled else None
        yield [
            line.booked_on,
            row.kind,
            movement.payment,
            payment.customer.name if payment and payment.customer else "",
            line.payer,
            movement.words,
            movement.payout,
            movement.currency,
            movement.gross,
            -movement.fee,
            line.amount,
            row.settled.difference if row.settled else "Not taken in",
        ]
