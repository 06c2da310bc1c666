"""Bank statements: the list with each account's chain, and one statement as the bank sent it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from cashapp.models import BankStatement
from cashapp.queries.settlements import is_settlement
from cashapp.queries.statements import chain_of, lines_of, matching_of, statements_of
from core.keys import key_in
from core.models import BankAccount
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Column, Sheet, workbook_response

PAGE_SIZE = 50
SHOWN_LINES = 100


@staff_page("cashapp.view")
def statements_page(request: PageRequest) -> HttpResponse:
    """Every statement of the chosen company, and what is missing between them."""
    page = request.page
    accounts = list(BankAccount.objects.filter(entity=page.entity, is_active=True))
    chosen = request.GET.get("account", "")
    rows = statements_of(page.entity)
    rows = rows.filter(bank_account=key) if (key := key_in(chosen)) else rows
    context = {
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "gaps": [(account, link) for account in accounts for link in chain_of(account) if not link.is_whole],
        "is_filtered": bool(chosen),
        "all_url": page.url(account=None, page=None),
        "accounts": [
            {"account": each, "url": page.url(account=each.pk, page=None), "is_chosen": str(each.pk) == chosen}
            for each in accounts
        ],
    }
    return render(request, "cashapp/statements.html", context)


@staff_page("cashapp.view")
def statement_page(request: PageRequest, pk: int) -> HttpResponse:
    """One statement as the bank sent it."""
    statement = _statement(request, pk)
    lines = Paginator(lines_of(statement), SHOWN_LINES).get_page(request.GET.get("page"))
    link = next((link for link in chain_of(statement.bank_account) if link.statement == statement), None)
    context = {
        "statement": statement,
        "lines": lines,
        "link": link,
        "matching": matching_of(statement),
        "is_settlement": is_settlement(statement),
    }
    return render(request, "cashapp/statement.html", context)


@staff_page("cashapp.view")
def statement_workbook(request: PageRequest, pk: int) -> FileResponse:
    """The statement's lines as a workbook."""
    statement = _statement(request, pk)
    columns = [
        Column("Booked", 12),
        Column("Value", 12),
        Column("Other side", 32),
        Column("Account", 28),
        Column("Text", 60),
        Column("References", 40),
        Column("Amount", 16, total=True),
    ]
    notes = [
        ("Account", str(statement.bank_account)),
        ("Statement", statement.label),
        ("Opening", _balance(statement.opening, statement.currency)),
        ("Closing", _balance(statement.closing, statement.currency)),
    ]
    sheet = Sheet("Lines", columns, _line_rows(statement), notes)
    return workbook_response([sheet], f"statement-{statement.label}.xlsx")


def _statement(request: PageRequest, pk: int) -> BankStatement:
    rows = BankStatement.objects.select_related("bank_account__entity", "file", "imported_by")
    return get_visible(rows, request.page.by, pk=pk)


def _balance(amount: Decimal | None, currency: str) -> str:
    return "not told" if amount is None else f"{amount} {currency}"


def _line_rows(statement: BankStatement) -> Iterator[list[Any]]:
    for line in lines_of(statement).iterator(chunk_size=2000):
        references = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in line.references.items())
        text = line.text or line.posting_text
        yield [line.booked_on, line.value_on, line.payer, line.payer_account, text, references, line.amount]
