"""A customer with everything that belongs to it, and the pages of other rooms that open by the customer."""

from datetime import date

from core.actions import save_view
from customers.actions import (
    add_address,
    add_bank_account,
    add_contact,
    add_note,
    attach_file,
    choose_columns,
    create_customer,
    create_terms,
    record_certificate,
    upload_customers,
)
from customers.models import Customer
from tests.house.scoped import MARKER, Addresses, Stage

BY_CUSTOMER = (
    "customers:details customers:change_customer customers:set_parent customers:deactivate_customer "
    "customers:change_requirements customers:reactivate_customer customers:add_contact customers:add_address "
    "customers:add_bank_account customers:record_certificate customers:attach_file customers:add_note customer-detail "
    "customers:place_credit_hold customers:release_credit_hold invoicing:exposure "
    "reporting:account reporting:timeline collections:statement collections:send_statement collections:statement_pdf "
    "collections:statement_xlsx collections:send_group_statement"
).split()


def customer_of(stage: Stage) -> Customer:
    """The customer that bears the marker; rooms above make their documents for it."""
    found = Customer.objects.filter(entity=stage.uk, code="Q-1").first()
    if found is not None:
        return found
    by, uk = stage.system, stage.uk
    terms = create_terms(by=by, entity=uk, code="QNET30", name=f"{MARKER} 30", net_days=30)
    customer = create_customer(by=by, entity=uk, code="Q-1", name=f"{MARKER} Ltd", terms=terms)
    add_address(by=by, customer=customer, lines=MARKER, city="Bath", country="GB")
    add_contact(by=by, customer=customer, name=MARKER, email="q@quillmark.example", receives_invoices=True)
    return customer


def addresses(stage: Stage) -> Addresses:
    by, uk = stage.system, stage.uk
    customer = customer_of(stage)
    contact, address, terms = customer.contacts.get(), customer.addresses.get(), customer.terms
    account = add_bank_account(by=by, customer=customer, iban="GB33BUKB20201555555555", holder=MARKER)
    add_note(by=by, customer=customer, text=MARKER)
    attach_file(by=by, customer=customer, name=f"{MARKER}.txt", content=MARKER.encode())
    record_certificate(by=by, customer=customer, number=MARKER, jurisdiction="GB", valid_from=date(2026, 1, 1))
    taken = upload_customers(by=by, entity=uk, name=f"{MARKER}.csv", content=f"Name,X\n{MARKER},1\n".encode())
    choose_columns(by=by, upload=taken, columns={"Name": "name"}, decimal_sign=".", default_terms=terms)
    view = save_view(by=stage.manager, page="customers:customers", name=MARKER, query="q=x")
    return {
        **{name: {"pk": customer.pk} for name in BY_CUSTOMER},
        "customers:drop_view": {"pk": view.pk},
        "customers:import_columns": {"pk": taken.pk},
        "customers:import_preview": {"pk": taken.pk},
        "customers:import_upload": {"pk": taken.pk},
        "customers:change_contact": {"pk": contact.pk},
        "customers:end_contact": {"pk": contact.pk},
        "customers:change_address": {"pk": address.pk},
        "customers:end_address": {"pk": address.pk},
        "customers:end_bank_account": {"pk": account.pk},
        "customers:verify_bank_account": {"pk": account.pk},
        "customers:change_terms": {"pk": terms.pk},
    }
