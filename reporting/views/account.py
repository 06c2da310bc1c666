"""A customer's account page."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from ar_collections.queries.disputes import disputed_amounts, disputed_of_customer
from cashapp.queries.payer_groups import groups_of_customer
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from customers.models import Customer
from invoicing.queries.credit_control import credit_standing
from reporting.queries import account as queries
from reporting.queries import timeline as stream

ROWS = 25


@staff_page("reporting.view")
def account(request: PageRequest, pk: int) -> HttpResponse:
    """Everything about a customer that a call asks for."""
    customer = get_visible(Customer.objects.select_related("entity", "terms", "parent"), request.page.by, pk=pk)
    as_of = request.page.as_at
    figures = queries.account_figures(customer=customer, as_of=as_of)
    items = Paginator(queries.items_of(customer=customer, as_of=as_of), ROWS).get_page(request.GET.get("page"))
    context = {
        "customer": customer,
        "figures": figures,
        "credit": credit_standing(customer, as_of=as_of, today=request.page.today),
        "items": items,
        "disputed": disputed_amounts([item.pk for item in items], as_of=as_of),
        "disputed_sums": disputed_of_customer(customer, as_of=as_of),
        "contacts": queries.contacts_of(customer),
        "address": queries.billing_address(customer),
        "files": customer.files.select_related("file")[:10],
        "payer_groups": groups_of_customer(customer, by=request.page.by, on=as_of),
        **_stream(request, customer),
    }
    return render(request, "reporting/account.html", context)


@staff_page("reporting.view")
def timeline(request: PageRequest, pk: int) -> HttpResponse:
    """The stream alone, filtered by kind."""
    customer = get_visible(Customer.objects.select_related("entity", "terms", "parent"), request.page.by, pk=pk)
    template = "reporting/account.html#timeline" if request.htmx else "reporting/timeline.html"
    return render(request, template, {"customer": customer, **_stream(request, customer)})


def _stream(request: PageRequest, customer: Customer) -> dict[str, object]:
    kind = request.GET.get("kind", "")
    happenings = stream.timeline(customer=customer, as_of=request.page.as_at, kind=kind)
    return {"happenings": happenings, "kinds": stream.KINDS, "kind": kind}
