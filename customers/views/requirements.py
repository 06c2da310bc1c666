"""What a customer requires of its invoices."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from customers.actions import change_requirements
from customers.forms import RequirementsForm
from customers.models import BillingRequirements
from customers.views.opened import opened


@staff_page("customers.view")
def requirements(request: PageRequest, pk: int) -> HttpResponse:
    """Change them."""
    customer = opened(request, pk, "customers.change_requirements")
    row = BillingRequirements.objects.filter(customer=customer).first() or BillingRequirements(customer=customer)
    form = RequirementsForm(customer, request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_requirements, by=request.page.by, customer=customer, **form.facts):
            messages.success(request, f"Invoices to {customer.name} follow this from now on.")
            return redirect("customers:details", pk)
    note = "Order number, language, currency and the way out stand in the customer's master data."
    context = {
        "customer": customer,
        "form_title": "What its invoices need",
        "form_button": "Save it",
        "form_note": note,
    }
    return shown(request, "customers/form.html", context, form)
