"""The accounts of the books, and each of them as a T for one month."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from ledger.balances import control_account
from ledger.models import Account
from ledger.queries import TAccount, lines_between, on_credit, on_debit, t_account, trial_balance
from ledger.views.months import asked_month

PAGE_SIZE = 100


@staff_page("ledger.view")
def accounts_page(request: PageRequest) -> HttpResponse:
    """Every account with its balance; both sides come to the same, and the open items to the control account."""
    page = request.page
    rows = trial_balance(entity=page.entity, as_of=page.as_at)
    context = {
        "rows": rows,
        "debit": sum(row.debit_balance for row in rows),
        "credit": sum(row.credit_balance for row in rows),
        "ties": control_account(entity=page.entity, as_of=page.as_at),
    }
    return render(request, "ledger/accounts.html", context)


@staff_page("ledger.view")
def accounts_workbook(request: PageRequest) -> FileResponse:
    """The balances as a workbook."""
    page = request.page
    balances = trial_balance(entity=page.entity, as_of=page.as_at)
    columns = (Column("Account", 10), Column("Name", 34), Column("Debit", total=True), Column("Credit", total=True))
    rows = ((row.account.code, row.account.name, row.debit_balance, row.credit_balance) for row in balances)
    notes = _notes(page, ("As at", page.as_at.isoformat()))
    return workbook_response(
        [Sheet("Accounts", columns, rows, notes)], f"accounts-{page.entity.code}-{page.as_at}.xlsx"
    )


@staff_page("ledger.view")
def account_page(request: PageRequest, code: str) -> HttpResponse:
    """One account as a T: debits on the left, credits on the right, what it came in and goes out with."""
    account = _account(request.page, code)
    month = asked_month(request.page)
    t = t_account(account=account, first_on=month.first_on, last_on=month.last_on)
    lines = lines_between(account=account, first_on=month.first_on, last_on=month.last_on)
    debits = Paginator(on_debit(lines), PAGE_SIZE).get_page(request.GET.get("page"))
    credits = Paginator(on_credit(lines), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "account": account,
        "t": t,
        "month": month,
        "before_url": request.page.url(month=f"{month.before:%Y-%m}", page=None),
        "after_url": request.page.url(month=f"{month.after:%Y-%m}", page=None) if month.after else "",
        "workbook_url": reverse("ledger:account_xlsx", args=[code]) + request.page.url(page=None),
        "debits": debits,
        "credits": credits,
        "rows": max(debits, credits, key=lambda rows: rows.paginator.count),
    }
    return render(request, "ledger/account.html", context)


@staff_page("ledger.view")
def account_workbook(request: PageRequest, code: str) -> FileResponse:
    """The month of an account as a workbook, every line of it."""
    account = _account(request.page, code)
    month = asked_month(request.page)
    t = t_account(account=account, first_on=month.first_on, last_on=month.last_on)
    notes = _notes(
        request.page,
        ("Account", str(account)),
        ("From", f"{t.first_on} to {t.last_on}"),
        ("Opening balance", str(t.opening)),
        ("Closing balance", str(t.closing)),
    )
    columns = (
        Column("Date", 12),
        Column("Entry", 12),
        Column("What", 34),
        Column("Customer", 30),
        Column("Posted in", 9),
        Column("Debit"),
        Column("Credit"),
        Column(f"Debit {request.page.entity.currency}", total=True),
        Column(f"Credit {request.page.entity.currency}", total=True),
    )
    sheet = Sheet(account.code, columns, _cells(t), notes)
    return workbook_response([sheet], f"account-{account.code}-{month.first_on:%Y-%m}.xlsx")


def _cells(t: TAccount) -> Iterable[tuple[Cell, ...]]:
    lines = lines_between(account=t.account, first_on=t.first_on, last_on=t.last_on)
    for line in lines.iterator(chunk_size=2000):
        yield (
            line.posted_on,
            line.entry.number,
            line.entry.text or line.entry.get_kind_display(),
            str(line.customer or ""),
            line.currency,
            line.debit,
            line.credit,
            line.base_debit,
            line.base_credit,
        )


def _account(page: Page, code: str) -> Account:
    return get_visible(Account.objects.filter(entity=page.entity), page.by, code=code)


def _notes(page: Page, *facts: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (("Company", page.entity.name), ("Currency", page.entity.currency), *facts)
