"""What belongs to a customer: contacts, addresses, bank accounts, certificates, files and notes."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.files import LARGEST_FILE, FileRefused
from core.forms import Form, carry_out, shown
from core.models import User
from core.pages import PageRequest, staff_page
from customers.actions import (
    add_address,
    add_bank_account,
    add_contact,
    add_note,
    attach_file,
    change_address,
    change_contact,
    end_address,
    end_bank_account,
    end_contact,
    record_certificate,
)
from customers.forms import AddressForm, BankAccountForm, CertificateForm, ContactForm, FileForm, NoteForm
from customers.models import Address, Contact, Customer, CustomerBankAccount, CustomerFile, TaxCertificate
from customers.views.opened import opened, opened_row


@staff_page("customers.view")
def new_contact(request: PageRequest, pk: int) -> HttpResponse:
    """Add a contact."""
    customer = opened(request, pk, "customers.add_contact")
    form = ContactForm(request.POST or None, instance=Contact(customer=customer))
    return _handled(request, customer, form, "New contact", "Add the contact", add_contact, customer=customer)


@staff_page("customers.view")
def contact(request: PageRequest, pk: int) -> HttpResponse:
    """Change a contact."""
    row = opened_row(request, Contact.objects.all(), pk, "customers.change_contact")
    form = ContactForm(request.POST or None, instance=copy(row))
    return _handled(request, row.customer, form, row.name, "Save the contact", change_contact, contact=row)


@require_POST
@staff_page("customers.view")
def drop_contact(request: PageRequest, pk: int) -> HttpResponse:
    """Send nothing more to a contact."""
    row = opened_row(request, Contact.objects.all(), pk, "customers.end_contact")
    end_contact(by=request.page.by, contact=row)
    return _back(request, row.customer, f"{row.name} gets nothing more.")


@staff_page("customers.view")
def new_address(request: PageRequest, pk: int) -> HttpResponse:
    """Add an address."""
    customer = opened(request, pk, "customers.add_address")
    form = AddressForm(
        request.POST or None, instance=Address(customer=customer), initial={"country": customer.entity.country}
    )
    return _handled(request, customer, form, "New address", "Add the address", add_address, customer=customer)


@staff_page("customers.view")
def address(request: PageRequest, pk: int) -> HttpResponse:
    """Change an address."""
    row = opened_row(request, Address.objects.all(), pk, "customers.change_address")
    form = AddressForm(request.POST or None, instance=copy(row))
    title = f"{row.get_kind_display()} address"
    return _handled(request, row.customer, form, title, "Save the address", change_address, address=row)


@require_POST
@staff_page("customers.view")
def drop_address(request: PageRequest, pk: int) -> HttpResponse:
    """Use an address no longer."""
    row = opened_row(request, Address.objects.all(), pk, "customers.end_address")
    end_address(by=request.page.by, address=row)
    return _back(request, row.customer, "The address is not used any more.")


@staff_page("customers.view")
def new_bank_account(request: PageRequest, pk: int) -> HttpResponse:
    """Add an account that the customer pays from."""
    customer = opened(request, pk, "customers.add_bank_account")
    form = BankAccountForm(request.POST or None)
    return _handled(request, customer, form, "New bank account", "Add the account", add_bank_account, customer=customer)


@require_POST
@staff_page("customers.view")
def drop_bank_account(request: PageRequest, pk: int) -> HttpResponse:
    """Take payments from an account for this customer's no longer."""
    row = opened_row(request, CustomerBankAccount.objects.all(), pk, "customers.end_bank_account")
    end_bank_account(by=request.page.by, account=row)
    return _back(request, row.customer, f"Payments from {row} are not taken for theirs any more.")


@staff_page("customers.view")
def new_certificate(request: PageRequest, pk: int) -> HttpResponse:
    """Record an exemption certificate, with its scan among the files."""
    customer = opened(request, pk, "customers.record_certificate")
    form = CertificateForm(request.POST or None, request.FILES or None, instance=TaxCertificate(customer=customer))
    return _handled(request, customer, form, "New tax certificate", "Record it", _record, customer=customer)


@transaction.atomic
def _record(*, by: User, customer: Customer, scan: UploadedFile[Any] | None, **facts: Any) -> TaxCertificate:
    attached = None
    if scan is not None:
        name, content = _read(scan)
        kind = CustomerFile.Kind.TAX_CERTIFICATE
        attached = attach_file(by=by, customer=customer, name=name, content=content, kind=kind)
    return record_certificate(by=by, customer=customer, file=attached.file if attached else None, **facts)


@staff_page("customers.view")
def new_file(request: PageRequest, pk: int) -> HttpResponse:
    """Attach a file."""
    customer = opened(request, pk, "customers.attach_file")
    form = FileForm(request.POST or None, request.FILES or None)
    return _handled(request, customer, form, "Attach a file", "Attach it", _attach, customer=customer)


def _attach(*, by: User, customer: Customer, file: UploadedFile[Any], kind: str, note: str) -> CustomerFile:
    name, content = _read(file)
    return attach_file(by=by, customer=customer, name=name, content=content, kind=kind, note=note)


def _read(upload: UploadedFile[Any]) -> tuple[str, bytes]:
    """Name and bytes; a file that is too large is refused before it is read."""
    if (upload.size or 0) > LARGEST_FILE:
        raise FileRefused(f"{upload.name} is too large; up to {LARGEST_FILE // 1024 // 1024} MB are taken.")
    return upload.name or "file", upload.read()


@staff_page("customers.view")
def new_note(request: PageRequest, pk: int) -> HttpResponse:
    """Leave a note."""
    customer = opened(request, pk, "customers.add_note")
    form = NoteForm(request.POST or None)
    answer = _handled(request, customer, form, "New note", "Leave the note", add_note, customer=customer)
    went_well = answer.status_code == HTTPStatus.FOUND
    return redirect("reporting:account", pk) if went_well and request.GET.get("back") == "account" else answer


def _handled(
    request: PageRequest,
    customer: Customer,
    form: Form,
    title: str,
    button: str,
    action: Callable[..., Any],
    /,
    **subject: Any,
) -> HttpResponse:
    """Show the form, or carry it out and go back to the customer."""
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.fields}
        if carry_out(form, action, by=request.page.by, **subject, **given):
            return _back(request, customer, f"{customer.name} is saved.")
    context = {"customer": customer, "form_title": title, "form_button": button}
    return shown(request, "customers/form.html", context, form)


def _back(request: PageRequest, customer: Customer, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return cast(HttpResponse, redirect("customers:details", customer.pk))
