"""The measures of a company, a group or a currency at any date, each opening onto what it is worked out of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format

from core.keys import key_in
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.words import day, rounded
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer
from ledger.models import OpenItem
from reporting.measures.catalogue import FAMILIES, MEASURES, Measure, Unit
from reporting.measures.figures import Figure, Inputs
from reporting.queries.dashboard import MONTHS_OF_BILLINGS, limits_at, month_before, month_ends
from reporting.queries.flows import Scope, base_total, billed_documents, payments_behind, receipts_behind
from reporting.queries.measures import inputs_of
from reporting.views.ageing import known_at_in

TIMES: Final = {1: "The month", 3: "Three months", 6: "Six months", 12: "Twelve months"}
USUAL_TIME: Final = 3
MONTHS_SHOWN: Final = 13
ROWS: Final = 100
DAY: Final = timedelta(days=1)
KEPT: Final = ("months", "customer", "currency", "known_at", "as_at")


@dataclass(frozen=True)
class Asked:
    """Whose measures over which time, and how the address says so."""

    scope: Scope
    last: date
    months: int
    customer: Customer | None
    query: str

    def inputs(self, last: date | None = None) -> Inputs:
        """What the measures are worked out of, at the day asked for or another."""
        return inputs_of(self.scope, last=last or self.last, months=self.months)


@dataclass(frozen=True)
class Row:
    """A measure now, at the end of the month before, and a year before that."""

    measure: Measure
    now: Figure
    before: Figure
    year_before: Figure


def asked_in(request: PageRequest) -> Asked:
    """Read the question out of the address. A customer stands for the whole group under it."""
    page, given = request.page, request.GET
    months = key_in(given.get("months", "")) or USUAL_TIME
    number = key_in(given.get("customer", ""))
    customer = get_visible(Customer, page.by, pk=number) if number else None
    scope = Scope(
        entity=customer.entity if customer else page.entity,
        customers=_group_of(customer) if customer else None,
        currency=given.get("currency", "").upper()[:3],
        known_at=known_at_in(given.get("known_at", ""), page.entity),
    )
    kept = {name: given[name] for name in KEPT if given.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    return Asked(scope, page.as_at, months if months in TIMES else USUAL_TIME, customer, query)


def _group_of(customer: Customer) -> tuple[int, ...]:
    return (customer.pk, *Customer.objects.filter(parent=customer).values_list("pk", flat=True))


@staff_page("reporting.view")
def measures(request: PageRequest) -> HttpResponse:
    """All measures by family, with the month end before and the one a year before."""
    asked = asked_in(request)
    context = {
        "asked": asked,
        "families": _families(asked),
        "times": TIMES,
        "limits": limits_at(entity=asked.scope.entity, on=asked.last),
        "ends": _ends(asked),
    }
    return render(request, "reporting/measures.html", context)


def _ends(asked: Asked) -> tuple[date, date]:
    """The last month end before the day, and the one a year before it."""
    ends = month_ends(asked.last, MONTHS_SHOWN + 1)
    return ends[-2], ends[0]


def _families(asked: Asked) -> list[tuple[str, list[Row]]]:
    now = asked.inputs()
    before, year_before = (asked.inputs(end) for end in _ends(asked))
    return [
        (name, [Row(one, one.work(now), one.work(before), one.work(year_before)) for one in family])
        for name, family in FAMILIES
    ]


@staff_page("reporting.view")
def measure(request: PageRequest, code: str) -> HttpResponse:
    """One measure: its definition, its working with the rows behind, and its month ends."""
    asked, chosen = asked_in(request), _measure(code)
    ends = [(end, asked.inputs(end)) for end in month_ends(asked.last, MONTHS_SHOWN)]
    history = [(end, chosen.work(inputs)) for end, inputs in ends]
    context = {
        "asked": asked,
        "measure": chosen,
        "figure": history[-1][1],
        "inputs": ends[-1][1],
        "history": history,
        "points": [
            {"label": date_format(end, "M"), "value": rounded(figure.value, 1)}
            for end, figure in history
            if figure.value is not None
        ],
        "limit": limits_at(entity=asked.scope.entity, on=asked.last).get(chosen.limit),
        "is_amount": chosen.unit == Unit.AMOUNT,
    }
    return render(request, "reporting/measure.html", context)


def _measure(code: str) -> Measure:
    try:
        return MEASURES[code]
    except KeyError:
        raise Http404(code) from None


@staff_page("reporting.view")
def billed(request: PageRequest) -> HttpResponse:
    """The documents that were billed in the time, or in one month of it."""
    asked = asked_in(request)
    first, last = _span(request, asked)
    found = billed_documents(asked.scope, first=first, last=last)
    heading = f"Billed from {day(first, 'full')} to {day(last, 'full')}"
    return _documents(request, asked, heading, found)


@staff_page("reporting.view")
def received(request: PageRequest) -> HttpResponse:
    """The receipts of the last thirty days."""
    asked = asked_in(request)
    found = receipts_behind(asked.scope, last=asked.last)
    return _documents(request, asked, "Receipts of the last 30 days", found, is_money=True)


def _span(request: PageRequest, asked: Asked) -> tuple[date, date]:
    """The time of the measures, or the one month of it that the address names."""
    first = month_before(asked.last, asked.months - 1)
    month = next((one for one in _months_before(asked.last) if one.isoformat() == request.GET.get("month")), None)
    return (month, min(asked.last, month_before(month, -1) - DAY)) if month else (first, asked.last)


def _months_before(last: date) -> list[date]:
    return [month_before(last, back) for back in range(MONTHS_OF_BILLINGS)]


def _documents(
    request: PageRequest, asked: Asked, heading: str, found: QuerySet[OpenItem], *, is_money: bool = False
) -> HttpResponse:
    """Documents that add up to a figure; money is written as what came in, not as what is owed less."""
    context = {
        "asked": asked,
        "heading": heading,
        "rows": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "total": -base_total(found) if is_money else base_total(found),
        "is_money": is_money,
    }
    return render(request, "reporting/measured_documents.html", context)


@staff_page("reporting.view")
def payments(request: PageRequest) -> HttpResponse:
    """The part payments of the time with the days each came late, the heaviest first."""
    asked = asked_in(request)
    inputs = asked.inputs()
    found = payments_behind(asked.scope, first=inputs.first_on, last=asked.last)
    context = {
        "asked": asked,
        "inputs": inputs,
        "rows": Paginator(found, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "reporting/measured_payments.html", context)


@staff_page("reporting.view")
def workbook(request: PageRequest) -> FileResponse:
    """All measures with their month ends and definitions."""
    asked = asked_in(request)
    ends = month_ends(asked.last, MONTHS_SHOWN)
    history = [asked.inputs(end) for end in ends]
    numbers = [Column(f"{end:%Y-%m-%d}", 12, number_format="#,##0.00") for end in ends]
    figures = [
        [one.name, one.unit.value, *(_cell(one.work(inputs)) for inputs in history)] for one in MEASURES.values()
    ]
    definitions = [[one.name, one.meaning, one.formula, one.source] for one in MEASURES.values()]
    sheets = [
        Sheet("Measures", [Column("Measure", 32), Column("Unit", 8), *numbers], figures, _notes(asked)),
        Sheet("Definitions", [Column(head, 44) for head in ("Measure", "Meaning", "Formula", "Source")], definitions),
    ]
    return workbook_response(sheets, f"measures-{asked.scope.entity.code}-{asked.last}.xlsx")


def _cell(figure: Figure) -> Cell:
    return figure.reason if figure.value is None else rounded(figure.value, 2)


def _notes(asked: Asked) -> list[tuple[str, str]]:
    known_at = asked.scope.known_at
    return [
        ("Company", asked.scope.entity.legal_name),
        ("Customer", asked.customer.name if asked.customer else "all"),
        ("Currency", asked.scope.currency or "all, in that of the books"),
        ("As at", day(asked.last, "full") + (f", as known on {known_at:%d %b %Y %H:%M %Z}" if known_at else "")),
        ("Over", TIMES[asked.months].lower()),
    ]
