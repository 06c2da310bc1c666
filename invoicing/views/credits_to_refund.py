"""Open credits, from which a refund begins."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from core.pages import PageRequest, staff_page
from invoicing.queries.refundable import credits_to_refund

ROWS = 50


@staff_page("invoicing.request_refund")
def choose(request: PageRequest) -> HttpResponse:
    """Credit notes, receipts and other credits with something left, the oldest first."""
    page, asked = request.page, request.GET.get("q", "").strip()
    rows = credits_to_refund(page.entity, asked)
    context = {"rows": Paginator(rows, ROWS).get_page(request.GET.get("page")), "q": asked}
    return render(request, "invoicing/credits_to_refund.html", context)
