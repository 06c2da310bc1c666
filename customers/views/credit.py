"""Placing and releasing credit holds, and saying what they stop."""

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from customers.actions import change_credit_policy, place_credit_hold, release_credit_hold
from customers.forms.credit import CreditPolicyForm, HoldForm, ReleaseForm
from customers.queries.credit import policy_of
from customers.views.opened import opened


@staff_page("customers.view")
def place(request: PageRequest, pk: int) -> HttpResponse:
    """Put a customer on credit hold; a reason may come along as a suggestion."""
    customer = opened(request, pk, "customers.place_credit_hold")
    page = request.page
    form = HoldForm(request.POST or None, initial={"reason": request.GET.get("reason", "")})
    if request.method == "POST" and form.is_valid():
        if carry_out(form, place_credit_hold, by=page.by, customer=customer, placed_on=page.today, **form.cleaned_data):
            messages.success(request, f"{customer.name} is on credit hold.")
            return redirect("reporting:account", pk)
    stopped = ", ".join(stop.label for stop in policy_of(customer.entity).stopped)
    note = f"It stops {stopped}." if stopped else "It warns and stops nothing, as the company has set it."
    context = {"customer": customer, "form_title": "Credit hold", "form_button": "Place the hold", "form_note": note}
    return shown(request, "customers/form.html", context, form)


@staff_page("customers.view")
def release(request: PageRequest, pk: int) -> HttpResponse:
    """Let a customer go on, for good or for a time."""
    customer = opened(request, pk, "customers.release_credit_hold")
    page, form = request.page, ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"customer": customer, "released_on": page.today, **form.cleaned_data}
        if carry_out(form, release_credit_hold, by=page.by, **facts):
            messages.success(request, f"{customer.name} may go on.")
            return redirect("reporting:account", pk)
    context = {"customer": customer, "form_title": "Release from hold", "form_button": "Release", "form_note": ""}
    return shown(request, "customers/form.html", context, form)


@staff_page("customers.view")
def policy(request: PageRequest) -> HttpResponse:
    """What a credit hold stops in the chosen company."""
    page = request.page
    page.ask_first("customers.change_credit_policy")
    form = CreditPolicyForm(request.POST or None, instance=copy(policy_of(page.entity)))
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_credit_policy, by=page.by, entity=page.entity, **form.cleaned_data):
            messages.success(request, "Saved. It holds for whatever is done from now on.")
            return redirect("customers:change_credit_policy")
    return shown(request, "customers/credit_policy.html", {}, form)
