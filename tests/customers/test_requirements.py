"""What a customer requires of its invoices: written down by who keeps master data, told by the history."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, User
from customers.actions import attach_file, change_requirements, create_customer, create_terms
from customers.checks import ChangedMeanwhile, InvalidData
from customers.models import BillingRequirements, Customer
from customers.queries import requirements_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(uk: LegalEntity, manager: User) -> Customer:
    terms = create_terms(by=manager, entity=uk, code="N30", name="30 days", net_days=30)
    return create_customer(by=manager, entity=uk, name="Acme Hotels", terms=terms)


def test_without_a_word_a_customer_has_the_defaults(acme: Customer) -> None:
    found = requirements_of([acme])[acme.pk]

    assert (found.grouping, found.file_format, found.reference_text) == ("contract", "none", "")
    assert not BillingRequirements.objects.exists()


def test_what_is_written_down_counts_and_is_told(acme: Customer, manager: User) -> None:
    order = attach_file(by=manager, customer=acme, name="order.txt", content=b"Order 7")

    change_requirements(by=manager, customer=acme, grouping="customer", reference_text=" Supplier 4711 ", files=[order])
    change_requirements(by=manager, customer=acme, grouping="customer", files=[order])

    found = requirements_of([acme])[acme.pk]
    told = AuditEvent.objects.get(event="requirements.changed")
    assert (found.grouping, found.reference_text, found.version) == ("customer", "Supplier 4711", 1)
    assert told.after == {"grouping": "customer", "reference_text": "Supplier 4711", "files": "order.txt"}


def test_what_cannot_be_is_refused(acme: Customer, uk: LegalEntity, manager: User) -> None:
    other = create_customer(by=manager, entity=uk, name="Birch", terms=acme.terms)
    theirs = attach_file(by=manager, customer=other, name="order.txt", content=b"Order 7")

    with pytest.raises(Refused, match="Only files of Acme Hotels"):
        change_requirements(by=manager, customer=acme, files=[theirs])
    with pytest.raises(InvalidData, match="Leitweg-ID"):
        change_requirements(by=manager, customer=acme, file_format="xrechnung")
    with pytest.raises(InvalidData, match="needs its kind"):
        change_requirements(by=manager, customer=acme, electronic_address="4012345000009")
    with pytest.raises(Refused, match="no requirement of that name"):
        change_requirements(by=manager, customer=acme, colour="red")


def test_two_who_change_it_at_once_do_not_lose_a_word(acme: Customer, manager: User) -> None:
    change_requirements(by=manager, customer=acme, grouping="customer", version=1)
    change_requirements(by=manager, customer=acme, grouping="cost_centre", version=1)

    with pytest.raises(ChangedMeanwhile, match="changed by somebody else"):
        change_requirements(by=manager, customer=acme, grouping="contract", version=1)


def test_who_bills_does_not_write_master_data(acme: Customer, clerk: User) -> None:
    with pytest.raises(NotAllowed):
        change_requirements(by=clerk, customer=acme, grouping="customer")


def test_it_is_changed_on_the_customers_page(
    acme: Customer, manager: User, signed_in: Callable[[User], Client]
) -> None:
    order = attach_file(by=manager, customer=acme, name="order.txt", content=b"Order 7")
    browser = signed_in(manager)
    url = f"/customers/{acme.pk}/requirements/"
    given = {"version": 1, "grouping": "customer", "file_format": "xrechnung", "files": [order.pk]}

    assert "What its invoices need" in browser.get(f"/customers/{acme.pk}/details/").content.decode()
    refused = browser.post(url, given)
    saved = browser.post(url, {**given, "buyer_reference": "04011000-12345-03"})

    assert (refused.status_code, saved.status_code) == (422, 302)
    page = browser.get(f"/customers/{acme.pk}/details/").content.decode()
    assert "One invoice for all contracts" in page
    assert "XRechnung" in page
