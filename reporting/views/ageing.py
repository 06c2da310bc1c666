"""The ageing report as page, workbook and PDF, and the items behind each of its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.errors import Refused
from core.keys import key_in
from core.models import LegalEntity
from core.pages import PageRequest, staff_page
from core.pdf import render_pdf
from core.permissions import may
from core.words import day
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer
from ledger.ageing import BUCKETS, AgeingBucket, Basis, Grouping, buckets_to
from reporting.queries.ageing import AgeingQuestion, AgeingReport, Tie, ageing_report, items_behind, totals_behind

ROWS = 100
GROUPINGS: dict[str, str] = {
    "customer": "Customer",
    "group": "Group of customers",
    "entity": "Company",
    "currency": "Currency",
}


PARTS = {
    "": "All that adds up to the balance",
    "owed": "All that is owed",
    "current": "Not yet due",
    "overdue": "Overdue",
    "over_31": "Overdue 31 days and more",
    "unapplied": "Unapplied cash",
    "credits": "Open credits",
}


class QuestionRefused(Refused):
    """The address asks for an ageing that can't be."""

    code = "ageing_question_refused"


@dataclass(frozen=True)
class Asked:
    """What the address asks for, and how it is written in the filters."""

    question: AgeingQuestion
    edges: str
    known_text: str
    all_companies: bool
    query: dict[str, str] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """The beginning of an address with the same question, to which a template adds what it changes."""
        kept = {name: value for name, value in self.query.items() if name != "currency"}
        return f"?{urlencode(kept)}&" if kept else "?"


def asked_in(request: PageRequest) -> Asked:
    """Read the question out of the address; what makes no sense is refused with a sentence."""
    page, given = request.page, request.GET
    group_by = given.get("group_by", "customer")
    by = given.get("by", "due")
    if group_by not in GROUPINGS or by not in {"due", "invoice"}:
        raise QuestionRefused("Group by customer, group, entity or currency, and age by due or invoice date.")
    all_companies = given.get("companies") == "all"
    mine = [entity for entity in page.entities if may(page.by, "reporting.view", entity)]
    question = AgeingQuestion(
        entities=mine if all_companies else [page.entity],
        as_of=page.as_at,
        known_at=known_at_in(given.get("known_at", ""), page.entity),
        by=cast(Basis, by),
        group_by=cast(Grouping, group_by),
        currency=given.get("currency", "").upper()[:3],
        buckets=_buckets(given.get("buckets", "")),
    )
    kept = ("by", "group_by", "currency", "buckets", "known_at", "companies", "as_at")
    return Asked(
        question=question,
        edges=given.get("buckets", ""),
        known_text=given.get("known_at", ""),
        all_companies=all_companies,
        query={name: given[name] for name in kept if given.get(name)},
    )


def known_at_in(text: str, entity: LegalEntity) -> datetime | None:
    """The moment that an address asks to be put back to, in the company's time zone; nothing where it names none."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise QuestionRefused(f"“{text}” is not a moment. Write it as 2026-06-03 18:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=entity.zone)


def _buckets(text: str) -> tuple[AgeingBucket, ...]:
    """Own buckets from “15, 30, 45”; the usual ones from nothing."""
    if not text.strip():
        return BUCKETS
    words = [word.strip() for word in text.split(",") if word.strip()]
    days = [int(word) for word in words if word.isdecimal() and len(word) <= 4]
    if len(days) != len(words) or not 1 <= len(days) <= 10 or sorted(set(days)) != days or days[0] < 1:
        raise QuestionRefused(f"“{text}” makes no buckets. Write up to ten rising numbers of days, such as 15, 30, 60.")
    return buckets_to(*days)


@staff_page("reporting.view")
def report(request: PageRequest) -> HttpResponse:
    """The report with its totals and its tie to the control account."""
    asked = asked_in(request)
    found = ageing_report(asked.question)
    rows = Paginator(found.rows, ROWS).get_page(request.GET.get("page"))
    currencies = sorted({total.currency for total in found.totals} | {asked.question.currency} - {""})
    context = {
        "asked": asked,
        "report": found,
        "rows": rows,
        "currencies": currencies,
        "groupings": GROUPINGS,
        "labels": [bucket_label(bucket) for bucket in asked.question.buckets],
        "width": len(asked.question.buckets) + 5,
    }
    return render(request, "reporting/ageing.html", context)


@staff_page("reporting.view")
def items(request: PageRequest) -> HttpResponse:
    """The items that add up to a figure of the report."""
    asked, key, part = asked_in(request), request.GET.get("key", ""), request.GET.get("part", "")
    found = items_behind(asked.question, customers=_customers_of(asked.question, key), part=part)
    rows = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "rows": rows,
        "totals": totals_behind(found),
        "part": PARTS.get(part, f"{part} days overdue".replace("-", "–")),
        "customer": Customer.objects.visible_to(request.page.by).filter(pk=key_in(key) or 0).first(),
    }
    return render(request, "reporting/ageing_items.html", context)


def _customers_of(question: AgeingQuestion, key: str) -> list[int] | None:
    """The customers whose items a row holds; None for all of them."""
    number = key_in(key)
    if not number or question.group_by in {"entity", "currency"}:
        return None
    if question.group_by == "group":
        members = Customer.objects.filter(parent_id=number).values_list("pk", flat=True)
        return [number, *members]
    return [number]


@staff_page("reporting.view")
def workbook(request: PageRequest) -> FileResponse:
    """The whole report and the items behind it, with real numbers and dates."""
    asked = asked_in(request)
    found = ageing_report(asked.question)
    notes = notes_of(found)
    heads = [bucket_label(bucket) for bucket in asked.question.buckets]
    money_columns = [Column(head, 14, total=True) for head in [*heads, "Total", "Unapplied cash", "Credits", "Net"]]
    columns = [
        Column(GROUPINGS[asked.question.group_by], 34),
        Column("Code", 12),
        Column("Currency", 9),
        *money_columns,
    ]
    sheets = [
        Sheet("Ageing", columns, _report_rows(found), notes),
        Sheet("Items", ITEM_COLUMNS, _item_rows(asked.question), notes),
    ]
    codes = "-".join(entity.code for entity in asked.question.entities)
    return workbook_response(sheets, f"ageing-{codes}-{asked.question.as_of}.xlsx")


ITEM_COLUMNS = [
    Column("Customer", 34),
    Column("Code", 12),
    Column("Document", 20),
    Column("Kind", 12),
    Column("Date", 12, number_format="yyyy-mm-dd"),
    Column("Due", 12, number_format="yyyy-mm-dd"),
    Column("Days overdue", 12, number_format="0"),
    Column("Currency", 9),
    Column("Amount", 14, total=True),
    Column("Open", 14, total=True),
]


def _report_rows(found: AgeingReport) -> Iterator[list[Cell]]:
    for named in found.rows:
        row = named.row
        figures = [*row.amounts, row.total, -row.unapplied_cash, -row.credits, row.net]
        yield [named.name, named.code, row.currency, *figures]


def _item_rows(question: AgeingQuestion) -> Iterator[list[Cell]]:
    for item in items_behind(question).iterator(chunk_size=2000):
        overdue = (question.as_of - item.due_on).days
        yield [
            item.customer.name,
            item.customer.code,
            item.number,
            item.get_kind_display(),
            item.document_on,
            item.due_on,
            max(overdue, 0),
            item.currency,
            item.sign * item.amount,
            item.sign * item.open_then,  # type: ignore[attr-defined]
        ]


def notes_of(found: AgeingReport) -> list[tuple[str, str]]:
    """What the report speaks about, in words, for exports."""
    question = found.question
    known = f", as known on {question.known_at:%d %b %Y %H:%M %Z}" if question.known_at else ""
    ties = [(f"Account of {tie.entity.code} in {tie.balance.currency}", _tie_in_words(tie)) for tie in found.ties]
    return [
        ("Company", ", ".join(entity.legal_name for entity in question.entities)),
        ("As at", f"{day(question.as_of, 'full')}{known}"),
        ("Aged by", "due date" if question.by == "due" else "invoice date"),
        *ties,
    ]


def _tie_in_words(tie: Tie) -> str:
    return f"{tie.balance.account:,.2f}, difference {tie.difference:,.2f}"


def bucket_label(bucket: AgeingBucket) -> str:
    """“1–30” with a real dash; “Not due” for the first."""
    return "Not due" if bucket.first is None else bucket.label.replace("-", "–")


@staff_page("reporting.view")
def pdf(request: PageRequest) -> HttpResponse:
    """The report to print or send."""
    asked = asked_in(request)
    found = ageing_report(asked.question)
    context = {"report": found, "notes": notes_of(found), "entity": request.page.entity, "zero": Decimal(0)}
    html = render_to_string("reporting/pdf/ageing.html", context)
    content = render_pdf(html, "core/pdf/document.css", "reporting/pdf/ageing.css")
    response = HttpResponse(content, content_type="application/pdf")
    name = f"ageing-{asked.question.as_of.isoformat()}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
