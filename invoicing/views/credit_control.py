"""Credit control: who is over the limit or on hold, and what that is made of."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import render

from core.money import ZERO
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer
from customers.queries.credit import holds_of, policy_of
from invoicing.exposures import ExposurePart
from invoicing.queries.credit_control import VIEWS, Standing, credit_standing, standings
from invoicing.queries.exposure import DueSoon, due_soon

ROWS = 50
COLUMNS = (
    Column("Code", 14),
    Column("Customer", 36),
    Column("Currency", 9),
    Column("Limit", 14),
    Column("Open items", 14, total=True),
    Column("Drafts", 14, total=True),
    Column("Unbilled", 14, total=True),
    Column("Exposure", 14, total=True),
    Column("Over", 14, total=True),
    Column("On hold since", 14),
    Column("Until", 12),
    Column("Placed by", 20),
    Column("Reason", 40),
)


@staff_page("invoicing.view")
def credit_control(request: PageRequest) -> HttpResponseBase:
    """Customers over their limit or on hold, with what each is good for."""
    page, view = request.page, request.GET.get("view", "")
    found = standings(entity=page.entity, as_of=page.as_at, today=page.today)
    text = request.GET.get("q", "").strip().lower()
    shown = [one for one in found if one.is_in(view) and text in f"{one.customer.code} {one.customer.name}".lower()]
    if request.GET.get("format") == "xlsx":
        return _workbook(page, shown)
    context = {
        "rows": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "tabs": [
            (key, label, sum(one.is_in(key) for one in found), key == (view or "attention")) for key, label in VIEWS
        ],
        "policy": policy_of(page.entity),
        "q": request.GET.get("q", ""),
    }
    return render(request, "invoicing/credit_control.html", context)


@staff_page("invoicing.view")
def exposure(request: PageRequest, pk: int) -> HttpResponseBase:
    """One customer's exposure, member by member and currency by currency, and its holds."""
    page = request.page
    customer = get_visible(Customer.objects.select_related("entity", "parent"), page.by, pk=pk)
    standing = credit_standing(customer, as_of=page.as_at, today=page.today)
    seen = set(page.by.entity_ids("customers.view"))
    parts = standing.exposure.parts
    context = {
        "customer": customer,
        "standing": standing,
        "policy": policy_of(customer.entity),
        "holds": holds_of(customer),
        "parts": [part for part in parts if part.customer.entity_id in seen],
        "coming": _coming(page, customer, parts) if page.is_live else (),
        "elsewhere": worth_of(part for part in parts if part.customer.entity_id not in seen),
    }
    return render(request, "invoicing/exposure.html", context)


def _coming(page: Page, customer: Customer, parts: Iterable[ExposurePart]) -> list[DueSoon]:
    """What contracts bill soon, of the members that the person sees."""
    seen = set(page.by.entity_ids("customers.view"))
    with_some = {part.customer.pk: part.customer for part in parts if part.unbilled}
    members = sorted(with_some.values(), key=lambda row: (row.entity_id, row.pk))
    through = page.today + timedelta(days=policy_of(customer.entity).horizon_days)
    return list(due_soon(members=[row for row in members if row.entity_id in seen], through=through, on=page.today))


def worth_of(parts: Iterable[ExposurePart]) -> Decimal:
    """What parts come to in the currency of the books."""
    return sum((part.base or ZERO for part in parts), ZERO)


def _workbook(page: Page, rows: Iterable[Standing]) -> HttpResponseBase:
    notes = [
        ("Company", page.entity.legal_name),
        ("As at", f"{page.as_at}"),
        ("Amounts", f"in {page.entity.currency} at the rates of the day, with tax"),
    ]
    sheet = Sheet("Credit control", COLUMNS, _cells(rows), notes)
    return workbook_response([sheet], f"credit-control-{page.entity.code}-{page.as_at}.xlsx")


def _cells(rows: Iterable[Standing]) -> Iterator[list[Cell]]:
    for one in rows:
        exposure, hold = one.exposure, one.hold
        yield [
            one.customer.code,
            one.customer.name,
            exposure.currency,
            exposure.limit,
            exposure.base_of("open_items"),
            exposure.base_of("drafts"),
            exposure.base_of("unbilled"),
            exposure.total,
            exposure.over,
            hold.placed_on if hold else None,
            hold.until if hold else None,
            str(hold.placed_by) if hold else "",
            hold.reason if hold else "",
        ]
