"""Finding a customer by anything that somebody has in hand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from core.models import LegalEntity, User
from customers.actions import add_bank_account, add_contact, add_note, import_customers
from customers.drafts import ContactDraft, CustomerDraft
from customers.models import Customer, PaymentTerms
from customers.queries import customers_found, possible_duplicates, visible_customers

NewCustomer = Callable[..., Customer]


@pytest.fixture
def others(acme: Customer, new_customer: NewCustomer, system: User) -> None:
    muller = new_customer("Müller & Söhne GmbH", code="K/4711")
    add_bank_account(by=system, customer=muller, iban="DE89370400440532013000")
    add_contact(by=system, customer=muller, name="Jörg", email="rechnung@mueller-soehne.example")
    add_note(by=system, customer=muller, text="Other spellings: Muellersöhne Gruppe; MS Handel")
    new_customer("Acme Tools Ltd")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("acme", ["Acme Tools Ltd", "Acme Trading Ltd"]),
        ("trading ACME", ["Acme Trading Ltd"]),
        ("müll", ["Müller & Söhne GmbH"]),
        ("muller sohne", ["Müller & Söhne GmbH"]),
        ("k/47", ["Müller & Söhne GmbH"]),
        ("C-00001", ["Acme Trading Ltd"]),
        ("pat@acme", ["Acme Trading Ltd"]),
        ("Jörg", ["Müller & Söhne GmbH"]),
        ("0117 496 0100", ["Acme Trading Ltd"]),
        ("01174960100", ["Acme Trading Ltd"]),
        ("GB 123 4567 82", ["Acme Trading Ltd"]),
        ("DE89 3704 0044 0532 0130 00", ["Müller & Söhne GmbH"]),
        ("3000", ["Müller & Söhne GmbH"]),
        ("muellersöhne", ["Müller & Söhne GmbH"]),
        ("gruppe müller", ["Müller & Söhne GmbH"]),
        ("handel ACME", []),
        ("ms", []),
        ("100%", []),
        ("nobody", []),
    ],
)
def test_a_customer_is_found_by_anything(others: None, manager: User, typed: str, found: list[str]) -> None:
    rows = customers_found(visible_customers(manager), typed)

    assert [customer.name for customer in rows] == found


def test_a_reference_that_a_payer_wrote_finds_the_customer(acme: Customer, manager: User) -> None:
    assert customers_found(visible_customers(manager), acme.payment_reference.lower()).get() == acme


def test_customers_of_another_company_are_not_found(acme: Customer, stranger: User, administrator: User) -> None:
    assert not customers_found(visible_customers(stranger), "acme").exists()
    assert not customers_found(visible_customers(administrator), "acme").exists()


def reasons(entity: LegalEntity, **typed: Any) -> dict[str, list[str]]:
    return {suspect.customer.name: suspect.reasons for suspect in possible_duplicates(entity=entity, **typed)}


def test_likely_doubles_are_named_with_what_speaks_for_them(others: None, uk: LegalEntity) -> None:
    assert reasons(uk, name="ACME Trading Limited") == {"Acme Trading Ltd": ["the same name"]}
    assert reasons(uk, name="Acme Tradng") == {"Acme Trading Ltd": ["a very similar name"]}
    assert reasons(uk, name="Muller and Sohne KG") == {"Müller & Söhne GmbH": ["the same name"]}
    assert reasons(uk, tax_number="GB 123 4567 82") == {"Acme Trading Ltd": ["the same tax number"]}
    assert reasons(uk, emails=["new@ACME.example"]) == {"Acme Trading Ltd": ["e-mail at acme.example"]}
    assert reasons(uk, iban="DE89 3704 0044 0532 0130 00") == {"Müller & Söhne GmbH": ["the same bank account"]}
    assert reasons(uk, phone="0117 496 0100") == {"Acme Trading Ltd": ["the same phone number"]}


def test_what_many_share_makes_no_double(others: None, uk: LegalEntity) -> None:
    assert reasons(uk, name="Beta Trading Ltd", emails=["acme@gmail.com", "x@other.example"]) == {}
    assert reasons(uk, name="", tax_number="", iban="", phone="12") == {}


def test_a_customer_is_no_double_of_itself_or_of_another_companys(
    acme: Customer, uk: LegalEntity, de: LegalEntity
) -> None:
    assert possible_duplicates(entity=uk, name=acme.name, but=acme) == []
    assert possible_duplicates(entity=de, name=acme.name) == []


def test_searching_twenty_thousand_customers_uses_the_indexes(
    uk: LegalEntity, net_30: PaymentTerms, system: User
) -> None:
    drafts = [
        CustomerDraft(
            name=f"North {number:05d} Foods Ltd",
            terms=net_30,
            contacts=(ContactDraft(name="Ap", email=f"ap{number}@north{number}.example"),),
            note=f"Writes itself Nord-Kost {number:05d} as well",
        )
        for number in range(20_000)
    ]
    import_customers(by=system, entity=uk, drafts=drafts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer, customers_contact, customers_customernote")

    plan = customers_found(Customer.objects.filter(entity=uk), "ap17321@").explain()

    assert "customers_by_any_word" in plan
    assert "contacts_by_any_word" in plan
    assert "notes_by_any_word" in plan
    assert "Seq Scan on customers_contact" not in plan
    assert "Seq Scan on customers_customernote" not in plan
    assert (
        customers_found(Customer.objects.filter(entity=uk), "nord-kost ap17321@").get().name == "North 17321 Foods Ltd"
    )
    assert customers_found(Customer.objects.filter(entity=uk), "ap17321@").get().name == "North 17321 Foods Ltd"
