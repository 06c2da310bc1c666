"""Reconciling a day of a bank account, on screen and as a workbook; the month of every account."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from cashapp.forms.reconciliation import DayForm, MonthForm, NameForm, NoteForm, ReasonForm
from cashapp.models import BankStatementLine
from cashapp.queries.bank_days import AccountMonth, BankDay, missing_statements, month_of_accounts
from cashapp.queries.proving import DayProof, NamedItem, day_proof, earlier_unsigned, reconciliation_of, tie_candidates
from cashapp.queries.reconciliation import DayOnAccount, day_on_account, last_closed_on
from cashapp.reconciling import Difference
from core.keys import key_in
from core.models import BankAccount
from core.pages import PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response

LINE_COLUMNS = (Column("Booked", 12), Column("Other side", 32), Column("Text", 60), Column("Amount", 16, total=True))
ITEM_COLUMNS = (
    Column("Since", 12), Column("What", 70), Column("Owner", 20), Column("Reason", 40), Column("Due", 12),
    Column("Amount", 16, total=True),
)  # fmt: skip


@staff_page("cashapp.view")
def reconciliation_page(request: PageRequest) -> HttpResponse:
    """Statement, receipts and ledger of one account and day, with every difference named."""
    return show_day(request)


def show_day(request: PageRequest, refusal: str = "") -> HttpResponse:
    """The page, with the sentence of a refusal where something was refused."""
    form = _form(request)
    panel = _panel(form)
    context: dict[str, Any] = {"form": form, "panel": panel, "refusal": refusal}
    if panel is not None:
        context |= _proved(request, panel)
    return render(request, "cashapp/reconciliation.html", context, status=422 if refusal else 200)


def _proved(request: PageRequest, panel: DayOnAccount) -> dict[str, Any]:
    proof = day_proof(panel.account, panel.day)
    row = reconciliation_of(panel.account, panel.day)
    return {
        "proof": proof,
        "row": row,
        "items": list(row.items.select_related("owner")) if row else [],
        "blocked_by": None if row else earlier_unsigned(panel.account, panel.day),
        "transit": _with_candidates(proof) if proof else [],
        "name_form": NameForm(request.page.entity, initial={"due_on": request.page.today, "owner": request.page.by}),
        "note_form": NoteForm(),
        "reason_form": ReasonForm(),
    }


def _with_candidates(proof: DayProof) -> list[tuple[NamedItem, list[BankStatementLine]]]:
    """What is in transit, each entry with the bank lines that it may be about."""
    candidates = tie_candidates(proof.items)
    return [(each, candidates.get(each.item.subject[1] or 0, [])) for each in proof.items]


@staff_page("cashapp.view")
def reconciliation_workbook(request: PageRequest) -> HttpResponse | FileResponse:
    """The same as a workbook."""
    form = _form(request)
    panel = _panel(form)
    if panel is None:
        return render(request, "cashapp/reconciliation.html", {"form": form, "panel": None}, status=422)
    return workbook_response(list(_sheets(panel)), f"bank {panel.account.name} {panel.day}.xlsx")


@staff_page("cashapp.view")
def month_page(request: PageRequest) -> HttpResponse | FileResponse:
    """How far every bank day of a month is, and the statements that are missing."""
    page = request.page
    form = MonthForm({"month_on": page.as_at.isoformat(), **request.GET.dict()})
    month_on: date = form.cleaned_data["month_on"] if form.is_valid() else page.as_at
    months = month_of_accounts(page.entity, month_on, page.today)
    missing = missing_statements(page.entity, page.today)
    if request.GET.get("format") == "xlsx":
        rows = [_day_cells(month, day) for month in months for week in month.weeks for day in week if day]
        columns = (Column("Account", 30), Column("Day", 12), Column("State", 16))
        return workbook_response([Sheet(f"{month_on:%B %Y}", columns, rows)], f"bank-days-{month_on:%Y-%m}.xlsx")
    context = {"form": form, "month_on": month_on, "months": months, "missing": missing}
    return render(request, "cashapp/bank_days.html", context)


def _day_cells(month: AccountMonth, day: BankDay) -> list[Cell]:
    return [month.account.name, day.day, day.state.replace("_", " ")]


def _form(request: PageRequest) -> DayForm:
    """As asked in the address, else the first account, on the last day that the bank closed for it."""
    page, asked = request.page, {**request.GET.dict(), **_posted(request)}
    accounts = BankAccount.objects.filter(entity=page.entity).order_by("-is_active", "-is_default", "pk")
    wanted = key_in(asked.get("account", ""))
    account = (accounts.filter(pk=wanted) if wanted is not None else accounts).first()
    closed_on = last_closed_on(account, page.as_at) if account else None
    usual: dict[str, Any] = {"account": account.pk if account else None, "day": (closed_on or page.as_at).isoformat()}
    return DayForm(page.entity, {**usual, **asked})


def _posted(request: PageRequest) -> dict[str, str]:
    """Which day a form on the page was about."""
    return {name: request.POST[name] for name in ("account", "day") if name in request.POST}


def _panel(form: DayForm) -> DayOnAccount | None:
    if not form.is_valid():
        return None
    return day_on_account(form.cleaned_data["account"], form.cleaned_data["day"])


def _sheets(panel: DayOnAccount) -> Iterator[Sheet]:
    comparison, proof = panel.comparison, day_proof(panel.account, panel.day)
    notes = [
        ("Account", str(panel.account)),
        ("Day", panel.day.isoformat()),
        ("Statement", f"{comparison.statement} {panel.account.currency}"),
        ("Ledger", f"{comparison.ledger} {panel.account.currency}"),
    ]
    columns = [Column("Cause", 24), Column("Difference", 80), Column("Amount", 16, total=True)]
    if proof is not None:
        yield Sheet(
            "Proof", (Column("What", 60), Column("Amount", 18)), proof_rows(proof), [*notes[:2], *_signed(panel)]
        )
        yield Sheet("In transit", ITEM_COLUMNS, _item_rows(proof), notes[:2])
    yield Sheet("Differences", columns, _difference_rows(comparison.differences), notes)
    yield Sheet("Bank lines", LINE_COLUMNS, _line_rows(panel.lines), notes[:2])


def _signed(panel: DayOnAccount) -> Iterator[tuple[str, str]]:
    row = reconciliation_of(panel.account, panel.day)
    if row is not None:
        yield "Prepared", f"{row.prepared_by}, {row.prepared_at:%Y-%m-%d %H:%M}"
    if row is not None and row.signed_by and row.signed_at:
        yield "Signed", f"{row.signed_by}, {row.signed_at:%Y-%m-%d %H:%M}"


def proof_rows(proof: DayProof) -> list[list[Cell]]:
    """The proof line by line: the bank, the ledger, and what is between them."""
    bank, ledger = proof.statement, proof.ledger
    return [
        ["Bank: opening", bank.opening], ["Bank: money in", bank.money_in], ["Bank: money out", bank.money_out],
        ["Bank: closing", bank.closing], ["Ledger: opening", ledger.opening], ["Ledger: receipts", ledger.receipts],
        ["Ledger: other", ledger.other], ["Ledger: closing", ledger.closing],
        ["Between them: from before, and payments that other books keep", proof.standing],
        ["Between them: in transit", proof.carried.total], ["Between them: missing statements", bank.missing],
        ["Bank less ledger", proof.difference],
    ]  # fmt: skip


def _item_rows(proof: DayProof) -> Iterator[list[Cell]]:
    for each in proof.items:
        name = each.variance
        who, why, until = (name.owner.name, name.reason, name.due_on) if name else ("", "", None)
        yield [each.item.arose_on, each.item.sentence, who, why, until, each.item.amount]


def _difference_rows(differences: tuple[Difference, ...]) -> Iterator[list[Any]]:
    for each in differences:
        yield [each.cause.replace("_", " ").capitalize(), each.sentence, each.amount]


def _line_rows(lines: list[BankStatementLine]) -> Iterator[list[Any]]:
    for line in lines:
        yield [line.booked_on, line.payer, line.text or line.posting_text, line.amount]
