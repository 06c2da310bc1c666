"""A customer's master data, opened, changed, closed and reopened."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.forms import carry_out, shown
from core.models import LegalEntity, User
from core.pages import PageRequest, staff_page
from customers.actions import (
    add_address,
    add_bank_account,
    add_contact,
    change_customer,
    create_customer,
    deactivate_customer,
    reactivate_customer,
    set_parent,
)
from customers.forms import ChangeForm, NewCustomerForm, NoteForm, ParentForm, ReasonForm
from customers.models import Customer
from customers.queries import Suspect, details_of, possible_duplicates
from customers.views.opened import opened


@staff_page("customers.view")
def details(request: PageRequest, pk: int) -> HttpResponse:
    """Everything that is known of the customer, and who changed it."""
    customer = opened(request, pk)
    found = details_of(by=request.page.by, customer=customer, as_of=request.page.as_at)
    return render(request, "customers/details.html", {"found": found, "customer": customer, "note_form": NoteForm()})


@staff_page("customers.create_customer")
def create(request: PageRequest) -> HttpResponse:
    """Open a customer. Likely doubles are shown while typing, and once more before it is made."""
    page = request.page
    form = NewCustomerForm(request.POST or None, entity=page.entity, instance=Customer(entity=page.entity))
    suspects: list[Suspect] = []
    if request.method == "POST":
        suspects = possible_duplicates(entity=page.entity, **form.suspicious_facts())
        if form.is_valid() and suspects and not form.cleaned_data["accept_doubles"]:
            form.add_error("accept_doubles", "Look at the customers beside this form, then tick here or stop.")
        if form.is_valid() and (made := carry_out(form, _open, by=page.by, entity=page.entity, filled=form)):
            messages.success(request, f"{made.name} is customer {made.code}.")
            return redirect("customers:details", made.pk)
    return shown(request, "customers/new.html", {"suspects": suspects, "asked": request.method == "POST"}, form)


@transaction.atomic
def _open(*, by: User, entity: LegalEntity, filled: NewCustomerForm) -> Customer:
    """The customer with the first of everything, or nothing at all."""
    given = filled.cleaned_data
    made = create_customer(
        by=by, entity=entity, code=given["code"], request_id=given["request_id"], **filled.master_data()
    )
    if (given["contact_name"] or given["email"] or given["phone"]) and not made.contacts.exists():
        add_contact(
            by=by,
            customer=made,
            name=given["contact_name"] or given["email"] or made.name,
            email=given["email"],
            phone=given["phone"],
            receives_invoices=bool(given["email"]),
            receives_statements=bool(given["email"]),
        )
    if (address := filled.address()) and not made.addresses.exists():
        add_address(by=by, customer=made, **address)
    if given["iban"] and not made.bank_accounts.exists():
        add_bank_account(by=by, customer=made, iban=given["iban"])
    return made


@staff_page("customers.view")
def duplicates(request: PageRequest) -> HttpResponse:
    """Likely doubles of what stands in the form so far."""
    form = NewCustomerForm(request.GET, entity=request.page.entity)
    suspects = possible_duplicates(entity=request.page.entity, **form.suspicious_facts())
    return render(request, "customers/new.html#doubles", {"suspects": suspects, "asked": True, "form": form})


@staff_page("customers.view")
def change(request: PageRequest, pk: int) -> HttpResponse:
    """Change master data."""
    customer = opened(request, pk, "customers.change_customer")
    form = ChangeForm(
        request.POST or None, entity=customer.entity, instance=copy(customer), initial={"version": customer.version}
    )
    if request.method == "POST" and form.is_valid():
        facts = {"version": form.cleaned_data["version"], **form.master_data()}
        if carry_out(form, change_customer, by=request.page.by, customer=customer, **facts):
            messages.success(request, f"{form.cleaned_data['name']} is saved. The history shows what was before.")
            return redirect("customers:details", pk)
    return shown(request, "customers/change.html", {"customer": customer}, form)


@staff_page("customers.view")
def parent(request: PageRequest, pk: int) -> HttpResponse:
    """Put the customer below another one, or on its own feet."""
    customer = opened(request, pk, "customers.set_parent")
    form = ParentForm(request.POST or None, by=request.page.by, customer=customer, initial={"parent": customer.parent})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["parent"]
        if carry_out(form, set_parent, by=request.page.by, customer=customer, parent=chosen):
            words = f"belongs to {chosen.name} now" if chosen else "stands on its own now"
            messages.success(request, f"{customer.name} {words}.")
            return redirect("customers:details", pk)
    return _form_page(request, customer, form, "Group", "Save the group")


@staff_page("customers.view")
def deactivate(request: PageRequest, pk: int) -> HttpResponse:
    """Close a customer."""
    customer = opened(request, pk, "customers.deactivate_customer")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if carry_out(form, deactivate_customer, by=request.page.by, customer=customer, reason=reason):
            messages.success(request, f"{customer.name} is closed. What is open stays to be paid.")
            return redirect("customers:details", pk)
    note = "No new invoices are made for it. What it owes stays, and reminders go on. It can be reopened."
    return _form_page(request, customer, form, "Close the customer", "Close it", note)


@require_POST
@staff_page("customers.view")
def reactivate(request: PageRequest, pk: int) -> HttpResponse:
    """Reopen a customer."""
    customer = opened(request, pk, "customers.reactivate_customer")
    reactivate_customer(by=request.page.by, customer=customer)
    messages.success(request, f"{customer.name} is active again.")
    return redirect("customers:details", pk)


def _form_page(
    request: PageRequest, customer: Customer, form: Any, title: str, button: str, note: str = ""
) -> HttpResponse:
    context = {"customer": customer, "form_title": title, "form_button": button, "form_note": note}
    return shown(request, "customers/form.html", context, form)
