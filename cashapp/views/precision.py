"""How much the matcher decides and how often rightly, opening onto the decisions behind each figure."""

from collections.abc import Iterator
from datetime import date

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render

from cashapp.forms.rules import PrecisionForm
from cashapp.matching.words import RULES
from cashapp.models import MatchDecision
from cashapp.queries.precision import (
    KINDS,
    Precision,
    PrecisionQuestion,
    decisions_behind,
    precision_by_rule,
    rates,
)
from core.pages import Page, PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response

ROWS = 50
LOOKS_FOR = {words.rule.value: words.looks_for for words in RULES}
RULE_COLUMNS = (
    Column("Bank account", 24), Column("Rule", 26), Column("Looks for", 60),
    *(Column(words, 18, number_format="0") for words, _ in KINDS.values()),
    Column("Precision %", 12), Column("Followed %", 12, number_format="0"),
)  # fmt: skip
DECISION_COLUMNS = (
    Column("Booked", 12), Column("Bank account", 24), Column("Payer", 34), Column("Text", 50), Column("Currency", 9),
    Column("Amount", 14), Column("Decided", 18), Column("Customer", 34), Column("Rule", 26), Column("Version", 12),
    Column("Written rule", 26), Column("By", 20), Column("Undone", 10), Column("Evidence", 80),
)  # fmt: skip


@staff_page("cashapp.view")
def precision_page(request: PageRequest) -> HttpResponseBase:
    """Rate and precision by rule and bank account, of the lines of some days."""
    page = request.page
    form, question = _asked(request)
    rows = precision_by_rule(question)
    if request.GET.get("format") == "xlsx":
        cells = (_rule_cells(row) for row in rows)
        return _workbook(page, question, Sheet("Precision", RULE_COLUMNS, cells, _notes(page, question)), "precision")
    context = {
        "form": form,
        "question": question,
        "rows": [(row, LOOKS_FOR.get(row.rule, "Decided by people without a proposal")) for row in rows],
        "rates": rates(question),
        "span": f"from_on={question.from_on}&until_on={question.until_on}",
        "tab": "precision",
    }
    return render(request, "cashapp/precision.html", context)


@staff_page("cashapp.view")
def decisions_page(request: PageRequest) -> HttpResponseBase:
    """The decisions behind a figure, each with its evidence."""
    page = request.page
    form, question = _asked(request)
    rows = decisions_behind(question, by=page.by)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Decisions", DECISION_COLUMNS, _decision_cells(rows), _notes(page, question))
        return _workbook(page, question, sheet, "decisions")
    context = {
        "form": form,
        "question": question,
        "kind_words": KINDS[question.kind][0] if question.kind in KINDS else "All decisions",
        "looks_for": LOOKS_FOR.get(question.rule, ""),
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "tab": "precision",
    }
    return render(request, "cashapp/decisions.html", context)


def _asked(request: PageRequest) -> tuple[PrecisionForm, PrecisionQuestion]:
    page = request.page
    first, last = page.as_at.replace(day=1), page.as_at
    days: dict[str, date] = {"from_on": first, "until_on": last}
    given = request.GET if "from_on" in request.GET else None
    form = PrecisionForm(given, entity=page.entity, initial=days)
    rule, kind = request.GET.get("rule", ""), request.GET.get("kind", "")
    return form, form.question(page.entity, rule, kind, (first, last))


def _notes(page: Page, question: PrecisionQuestion) -> list[tuple[str, str]]:
    return [("Company", page.entity.legal_name), ("Lines of", f"{question.from_on} to {question.until_on}")]


def _workbook(page: Page, question: PrecisionQuestion, sheet: Sheet, name: str) -> HttpResponseBase:
    return workbook_response([sheet], f"{name}-{page.entity.code}-{question.until_on}.xlsx")


def _rule_cells(row: Precision) -> list[Cell]:
    figures = (row.itself, row.undone, row.followed, row.otherwise, row.precision, row.agreement)
    return [row.bank_account.name, row.rule or "none", LOOKS_FOR.get(row.rule, ""), *figures]


def _decision_cells(rows: QuerySet[MatchDecision]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        line = row.line
        yield [
            line.booked_on,
            line.bank_account.name,
            line.ultimate_payer or line.payer,
            line.text,
            line.currency,
            line.amount,
            row.get_outcome_display(),
            row.receipt.item.customer.name if row.receipt else "",
            row.rule,
            row.rules_version,
            str(row.written_rule or ""),
            row.decided_by.name,
            "yes" if getattr(row, "is_undone", False) else "",
            ". ".join(each["words"] for each in row.evidence),
        ]
