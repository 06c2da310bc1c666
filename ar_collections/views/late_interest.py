"""Late interest: who pays late, what has accrued line by line, charging and waiving it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.late_interest import (
    charge_late_interest,
    request_late_waiver,
    waive_late_interest,
)
from ar_collections.forms.late_interest import DecideForm, LateFilter
from ar_collections.models import LateCharge
from ar_collections.queries.late_interest import Accrued, accrued_of, late_customers, late_rows, totals_of
from controls.models import Authority
from controls.queries import reach_of
from core.forms import carry_out
from core.keys import keys_in
from core.money import Money
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer

ROWS = 50
AT_ONCE = 500
COLUMNS = (
    Column("Customer", 12), Column("Name", 34), Column("Document", 18), Column("Due", 12), Column("Terms", 30),
    Column("From", 12), Column("To", 12), Column("Days", 8), Column("On", 14), Column("Rate %", 9),
    Column("Currency", 9), Column("Interest", 12, total=True), Column("Compensation", 14, total=True),
    Column("Note", 40),
)  # fmt: skip
DECISIONS: dict[str, tuple[Callable[..., LateCharge], str]] = {
    "charge": (charge_late_interest, "collections.charge_late_interest"),
    "waive": (waive_late_interest, "collections.waive_late_interest"),
    "ask": (request_late_waiver, "collections.request_late_waiver"),
}


@staff_page("collections.view")
def late_page(request: PageRequest) -> HttpResponseBase:
    """Customers who pay late, with what has accrued and nobody has decided on."""
    page, query = request.page, request.GET.get("q", "").strip()
    customers = late_customers(page.entity, as_of=page.as_at, query=query)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, customers)
    shown = Paginator(customers, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": LateFilter(request.GET),
        "query": query,
        "rows": shown,
        "late": list(late_rows(page.entity, list(shown.object_list), as_of=page.as_at)),
    }
    return render(request, "collections/late_interest.html", context)


@staff_page("collections.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """What has accrued on a customer's documents, with its working: a box for the account's page, or a page."""
    customer = _customer(request, pk)
    if request.htmx:
        return render(request, "collections/parts/customer_late_interest.html", _context(request, customer))
    return render(
        request, "collections/customer_late_interest.html", {**_context(request, customer), "form": DecideForm()}
    )


@require_POST
@staff_page("collections.request_late_waiver")
def decide(request: PageRequest, pk: int) -> HttpResponse:
    """Charge what has accrued on the ticked documents, waive it, or ask for its waiver."""
    page, customer, form = request.page, _customer(request, pk), DecideForm(request.POST)
    action, permission = DECISIONS.get(request.POST.get("decision", ""), DECISIONS["ask"])
    page.ask_first(permission, customer.entity)
    facts: dict[str, Any] = {
        "customer": customer,
        "currency": request.POST.get("currency", customer.currency)[:3],
        "items": keys_in(request.POST.getlist("items")),
    }
    if form.is_valid():
        done = carry_out(form, action, by=page.by, **facts, **_further(request, action, form))
        if done is not None:
            messages.success(request, _said(done))
            return redirect("collections:late_charge", done.pk)
    context = {**_context(request, customer), "form": form}
    return render(request, "collections/customer_late_interest.html", context, status=422)


def _further(request: PageRequest, action: Any, form: DecideForm) -> dict[str, Any]:
    today = request.page.today
    if action is charge_late_interest:
        return {"charged_on": today}
    day = "waived_on" if action is waive_late_interest else "requested_on"
    return {"reason": form.cleaned_data["reason"], day: today}


def _said(charge: LateCharge) -> str:
    if charge.kind == LateCharge.Kind.CHARGED:
        return f"{charge} over {charge.money} is posted; the mail with its working is in the outbox."
    if charge.decided_on is None:
        return "It waits for approval now. You see the answer here and under Approvals."
    return f"{charge.money} is waived. Its days are never charged."


def _context(request: PageRequest, customer: Customer) -> dict[str, Any]:
    page = request.page
    accrued = accrued_of(customer.entity, [customer.pk], as_of=page.as_at).get(customer.pk, [])
    charges = LateCharge.objects.filter(customer=customer).select_related("item", "asked_by")
    return {
        "customer": customer,
        "sums": totals_of(accrued),
        "groups": _by_currency(accrued),
        "charges": charges.order_by("-pk")[:10],
        "reach": reach_of(
            by=page.by,
            entity=customer.entity,
            kind=Authority.LATE_INTEREST,
            currency=customer.currency,
            counts_with=f"customer:{customer.pk}",
            as_of=page.today,
        ),
    }


def _by_currency(accrued: list[Accrued]) -> list[tuple[str, list[Accrued], Money]]:
    groups: dict[str, list[Accrued]] = {}
    for each in accrued:
        groups.setdefault(each.item.currency, []).append(each)
    return [
        (currency, own, sum((each.total for each in own[1:]), own[0].total)) for currency, own in sorted(groups.items())
    ]


def _customer(request: PageRequest, pk: int) -> Customer:
    return get_visible(Customer.objects.select_related("entity", "terms"), request.page.by, pk=pk)


def _workbook(page: Page, customers: QuerySet[Customer]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("As at", f"{page.as_at}")]
    sheet = Sheet("Late interest", COLUMNS, _cells(page, list(customers)), notes)
    return workbook_response([sheet], f"late-interest-{page.entity.code}-{page.as_at}.xlsx")


def _cells(page: Page, customers: list[Customer]) -> Iterator[list[Cell]]:
    for start in range(0, len(customers), AT_ONCE):
        for row in late_rows(page.entity, customers[start : start + AT_ONCE], as_of=page.as_at):
            for each in row.accrued:
                yield from _lines(row.customer, each)


def _lines(customer: Customer, accrued: Accrued) -> Iterator[list[Cell]]:
    item = accrued.item
    head: list[Cell] = [customer.code, customer.name, item.number, item.due_on, str(accrued.terms)]
    if accrued.problem:
        yield [*head, None, None, None, None, None, item.currency, None, None, accrued.problem]
    for line in accrued.lines:
        span = line.span
        days: list[Cell] = [span.first_on, span.last_on, span.days, span.base, span.percent]
        yield [*head, *days, item.currency, line.amount, None, ""]
    if accrued.compensation:
        yield [*head, None, None, None, None, None, item.currency, None, accrued.compensation, "Fixed compensation"]
