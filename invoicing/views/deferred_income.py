"""Deferred income: rolled forward, down to its movements, and released."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from core.forms import carry_out, shown
from core.pages import Page, PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.actions import start_release
from invoicing.cycles import ONE_DAY, end_of_month
from invoicing.forms.deferred import DeferredForm, MovementsForm, ReleaseForm
from invoicing.models import DeferralMovement
from invoicing.queries.deferred_income import FIGURES, DeferredQuestion, RollForward, roll_forward, sums_of, tie_of
from invoicing.queries.release_preview import release_preview
from invoicing.queries.schedule_months import schedule_months
from invoicing.tasks import release_month

ROWS = 100
ROLL_COLUMNS = (
    Column("Row", 30),
    Column("Code or customer", 24),
    Column("Currency", 9),
    *(Column(name.capitalize(), 15, total=True) for name in FIGURES),
    Column("Within 12 months", 16, total=True),
    Column("Later", 15, total=True),
    *(Column(f"{name.capitalize()} in books", 16) for name in FIGURES),
)
MONTH_COLUMNS = (
    Column("Customer", 12), Column("Name", 30), Column("Invoice", 18), Column("Dated", 12), Column("Line", 36),
    Column("From", 12), Column("Until", 12), Column("Method", 16), Column("Currency", 9), Column("Billed", 14),
    Column("Month", 12), Column("Income", 14, total=True), Column("Income in books", 16), Column("Released on", 12),
)  # fmt: skip
MOVEMENT_COLUMNS = (
    Column("Posted", 12), Column("What", 26), Column("Customer", 12), Column("Name", 30), Column("Invoice", 18),
    Column("Line", 36), Column("Month", 12), Column("Currency", 9), Column("Amount", 14, total=True),
    Column("In books", 14), Column("Entry", 12),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Linked:
    """A row of the roll-forward, with the addresses of the movements behind each figure."""

    question: DeferredQuestion
    group_by: str
    row: RollForward

    @property
    def links(self) -> dict[str, str]:
        """By figure: what is asked of the list of movements."""
        first_on, last_on = self.question.from_on, self.question.as_of
        if isinstance(self.row.key, date):
            first_on, last_on = self.row.key, min(end_of_month(self.row.key), last_on)
        kinds = {"billed": "deferred", "released": "released", "credited": "credited"}
        return {
            "opening": self._query(until=first_on - ONE_DAY),
            **{name: self._query(kind=kind, from_on=first_on, until=last_on) for name, kind in kinds.items()},
            "closing": self._query(until=last_on),
        }

    def _query(self, **asked: Any) -> str:
        known_at = self.question.known_at
        about = {"customer": self.question.customer, "currency": self.row.currency}
        if self.group_by == "customer":
            about["customer"] = self.row.note
        elif self.group_by == "invoice":
            about["invoice"] = str(self.row.name)
        known = {"known_at": known_at.replace(tzinfo=None).isoformat(timespec="minutes")} if known_at else {}
        return urlencode({name: value for name, value in {**about, **asked, **known}.items() if value})


@staff_page("invoicing.view")
def deferred_income(request: PageRequest) -> HttpResponseBase:
    """The balance at a day, and how it came to that, by customer, invoice or month."""
    page = request.page
    form = DeferredForm(request.GET)
    question = _question(page, form)
    group_by = (form.cleaned_data.get("by") if form.is_valid() else "") or "customer"
    rows = roll_forward(question, group_by)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, question, rows)
    shown_rows = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": _filled(form, question, group_by),
        "question": question,
        "group_by": group_by,
        "rows": [Linked(question, group_by, row) for row in shown_rows],
        "paged": shown_rows,
        "sums": list(sums_of(rows)) if group_by != "month" else [],
        "tie": tie_of(question),
    }
    return render(request, "invoicing/deferred_income.html", context)


@staff_page("invoicing.view")
def movements(request: PageRequest) -> HttpResponseBase:
    """The movements behind a figure."""
    page, form = request.page, MovementsForm(request.GET)
    rows = _movements(page, form)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Movements", MOVEMENT_COLUMNS, _movement_cells(rows), _notes(page))
        return workbook_response([sheet], f"deferred-movements-{page.entity.code}-{page.today}.xlsx")
    context = {
        "form": form,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "sums": rows.order_by("schedule__currency", "kind")
        .values_list("schedule__currency", "kind")
        .annotate(count=Count("pk"), amount=Sum("amount")),
        "kinds": dict(DeferralMovement.Kind.choices),
    }
    return render(request, "invoicing/deferral_movements.html", context)


@staff_page("invoicing.release_income")
def release(request: PageRequest) -> HttpResponse:
    """Show what the release of a month would do; a POST starts it."""
    page = request.page
    last_month = page.today.replace(day=1) - ONE_DAY
    asked = request.POST or (request.GET if "month_on" in request.GET else None)
    form = ReleaseForm(asked, initial={"month_on": last_month})
    month_on = form.month if form.is_valid() else last_month.replace(day=1)
    if request.method == "POST" and form.is_valid():
        done = carry_out(
            form,
            start_release,
            by=page.by,
            entity=page.entity,
            month_on=month_on,
            asked_on=page.today,
            late_reason=form.cleaned_data["late_reason"],
        )
        if done:
            run, _ = done
            release_month.delay(run.pk)
            return redirect("core:run", run.pk)
    context = {"month_on": month_on, "preview": release_preview(page.entity, month_on)}
    return shown(request, "invoicing/release_income.html", context, form)


def _question(page: Page, form: DeferredForm) -> DeferredQuestion:
    facts = form.cleaned_data if form.is_valid() else {}
    from_on: date = facts.get("from_on") or page.as_at.replace(day=1)
    return DeferredQuestion(
        entity=page.entity,
        from_on=min(from_on, page.as_at),
        as_of=page.as_at,
        known_at=form.moment(page.entity) if facts else None,
        customer=str(facts.get("customer") or "").strip().upper(),
    )


def _filled(form: DeferredForm, question: DeferredQuestion, group_by: str) -> DeferredForm:
    """The form as it was understood."""
    known_at = question.known_at.replace(tzinfo=None) if question.known_at else None
    facts = {"by": group_by, "from_on": question.from_on, "as_at": question.as_of, "known_at": known_at}
    return DeferredForm(initial={**facts, "customer": question.customer}) if form.is_valid() else form


def _movements(page: Page, form: MovementsForm) -> QuerySet[DeferralMovement]:
    facts: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = DeferralMovement.objects.filter(schedule__entity=page.entity).select_related(
        "schedule__customer", "schedule__invoice_line__invoice", "entry"
    )
    wanted = {
        "kind": facts.get("kind"),
        "posted_on__gte": facts.get("from_on"),
        "posted_on__lte": facts.get("until"),
        "schedule__customer__code": facts.get("customer"),
        "schedule__invoice_line__invoice__number": facts.get("invoice"),
        "schedule__currency": facts.get("currency"),
        "recorded_at__lte": form.moment(page.entity) if facts else None,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value}).order_by("-posted_on", "-pk")


def _notes(page: Page) -> list[tuple[str, str]]:
    asked = [(key, str(value)) for key, value in sorted(page.request.GET.items()) if value and key != "format"]
    return [("Company", page.entity.legal_name), *asked]


def _workbook(page: Page, question: DeferredQuestion, rows: Iterable[RollForward]) -> HttpResponseBase:
    notes = [*_notes(page), ("From", f"{question.from_on}"), ("As at", f"{question.as_of}")]
    sheets = [
        Sheet("Roll-forward", ROLL_COLUMNS, map(_roll_cells, rows), notes),
        Sheet("Schedule months", MONTH_COLUMNS, _month_cells(question), notes),
    ]
    return workbook_response(sheets, f"deferred-income-{page.entity.code}-{question.as_of}.xlsx")


def _roll_cells(row: RollForward) -> list[Cell]:
    amounts = [getattr(row.amounts, name) for name in FIGURES]
    return [
        row.name,
        row.note,
        row.currency,
        *amounts,
        row.current,
        row.later,
        *(getattr(row.base, n) for n in FIGURES),
    ]


def _month_cells(question: DeferredQuestion) -> Iterator[list[Cell]]:
    for billed, months in schedule_months(question):
        days, left = billed.schedule.left.days, billed.schedule.left
        head: list[Cell] = [
            billed.customer_code, billed.customer_name, billed.number, billed.issued_on, billed.description,
            days.first_on, days.last_on, left.method, left.currency, billed.amount,
        ]  # fmt: skip
        for one in months:
            yield [*head, one.month_on, one.amount, one.base_amount, one.released_on]


def _movement_cells(rows: QuerySet[DeferralMovement]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2_000):
        schedule, line = row.schedule, row.schedule.invoice_line
        yield [
            row.posted_on, row.get_kind_display(), schedule.customer.code, schedule.customer.name,
            line.invoice.number, line.description, row.month_on, schedule.currency, row.amount, row.base_amount,
            row.entry.number,
        ]  # fmt: skip
