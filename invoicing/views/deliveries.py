"""Recording that documents arrived on another way, from the queue or from a document's page, and taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.forms import carry_out
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.actions import record_delivery, take_back_delivery
from invoicing.forms.deliveries import DeliveryForm, ticked
from invoicing.forms.uploads import WhyForm
from invoicing.models import CreditNote, Document, Invoice, OtherDelivery


@staff_page("invoicing.record_delivery")
@require_POST
def record(request: PageRequest) -> HttpResponse:
    """Record how the ticked documents reached their customers."""
    page, form, documents = request.page, DeliveryForm(request.POST), _ticked(request)
    if not documents:
        messages.error(request, "Tick the documents that arrived.")
        return redirect("invoicing:undelivered")
    if form.is_valid():
        facts = {**form.cleaned_data, "documents": documents, "today": page.today}
        done = carry_out(form, record_delivery, by=page.by, entity=page.entity, **facts)
        if done is not None:
            what = "1 document counts" if len(documents) == 1 else f"{len(documents)} documents count"
            messages.success(request, f"{what} as delivered.")
    for sentence in [error for errors in form.errors.values() for error in errors]:
        messages.error(request, str(sentence))
    return _back_to(documents[0]) if request.POST.get("back") == "document" else redirect("invoicing:undelivered")


@staff_page("invoicing.view")
@require_POST
def take_back(request: PageRequest, pk: int) -> HttpResponse:
    """Say that a document did not arrive after all."""
    page = request.page
    delivery = get_visible(OtherDelivery.objects.select_related("entity", "invoice", "credit_note"), page.by, pk=pk)
    page.ask_first("invoicing.take_back_delivery", delivery.entity)
    form = WhyForm(request.POST)
    if form.is_valid():
        if carry_out(form, take_back_delivery, by=page.by, delivery=delivery, reason=form.cleaned_data["reason"]):
            messages.success(request, f"{delivery.document.number} counts as not delivered.")
    for sentence in [error for errors in form.errors.values() for error in errors]:
        messages.error(request, str(sentence))
    return _back_to(delivery.document)


def _ticked(request: PageRequest) -> list[Document]:
    page, keys = request.page, ticked(request.POST.getlist("document"))
    invoices = Invoice.objects.visible_to(page.by).filter(entity=page.entity, pk__in=keys["invoice"])
    notes = CreditNote.objects.visible_to(page.by).filter(entity=page.entity, pk__in=keys["credit_note"])
    return [*invoices.order_by("pk"), *notes.order_by("pk")]


def _back_to(document: Document) -> HttpResponse:
    name = "invoicing:invoice" if isinstance(document, Invoice) else "invoicing:credit_note"
    return redirect(name, document.pk)
