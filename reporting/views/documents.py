"""From an open item to the document that it stands for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from cashapp.models import Receipt
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.models import CreditNote, Invoice
from ledger.models import OpenItem


@staff_page("reporting.view")
def document(request: PageRequest, pk: int) -> HttpResponse:
    """The invoice, credit note or receipt of an item; its ledger page where it was brought in without one."""
    item = get_visible(OpenItem, request.page.by, pk=pk)
    for model, page in ((Invoice, "invoicing:invoice"), (CreditNote, "invoicing:credit_note")):
        found = model.objects.visible_to(request.page.by).filter(item=item).values_list("pk", flat=True).first()
        if found:
            return redirect(page, found)
    if Receipt.objects.visible_to(request.page.by).filter(item=item).exists():
        return redirect("cashapp:receipt", item.pk)
    messages.info(
        request, f"{item.document_label} was brought in without its document. This is its place in the ledger."
    )
    return redirect("ledger:item", item.pk)
