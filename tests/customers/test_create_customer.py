"""Opening a customer."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from stdnum import iso11649

from core.errors import NotAllowed, Refused, SameKeyOtherContent
from core.models import AuditEvent, LegalEntity, User
from customers.actions import create_customer
from customers.checks import CodeTaken, InvalidData
from customers.models import Customer, PaymentTerms
from customers.references import payment_reference


def test_a_manager_opens_a_customer(uk: LegalEntity, manager: User, net_30: PaymentTerms) -> None:
    made = create_customer(by=manager, entity=uk, name=" Acme Ltd ", terms=net_30, credit_limit=Decimal(5000))

    made.refresh_from_db()
    assert (made.code, made.name, made.currency, made.is_active) == ("C-00001", "Acme Ltd", "GBP", True)
    assert iso11649.is_valid(made.payment_reference)
    event = AuditEvent.objects.get(event="customer.created")
    assert event.by == manager
    assert event.after is not None
    assert event.after["credit_limit"] == "5000"
    assert event.after["terms"] == "30 days net"


def test_numbers_pass_over_codes_that_came_with_an_import(new_customer: Callable[..., Customer]) -> None:
    for number in range(1, 8):
        new_customer(f"Old {number}", code=f"C-{number:05d}")

    assert new_customer("New").code == "C-00008"


def test_a_code_is_given_once(new_customer: Callable[..., Customer]) -> None:
    new_customer("Acme", code="A-1")

    with pytest.raises(InvalidData, match="has that code"):
        new_customer("Other", code="A-1")


def test_two_people_who_choose_one_code_at_once_are_told_apart(
    new_customer: Callable[..., Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    new_customer("Acme", code="A-1")
    monkeypatch.setattr(Customer, "full_clean", lambda self: None)

    with pytest.raises(CodeTaken, match="Another customer of Brightwater has the code A-1"):
        new_customer("Other", code="A-1")


def test_the_same_form_sent_twice_makes_one_customer(uk: LegalEntity, manager: User, net_30: PaymentTerms) -> None:
    key = uuid4()

    first = create_customer(by=manager, entity=uk, name="Acme", terms=net_30, request_id=key)
    again = create_customer(by=manager, entity=uk, name="Acme", terms=net_30, request_id=key)

    assert first == again
    with pytest.raises(SameKeyOtherContent, match="Acme was made by this form already"):
        create_customer(by=manager, entity=uk, name="Beta", terms=net_30, request_id=key)


def test_references_of_like_codes_differ(new_customer: Callable[..., Customer]) -> None:
    one, other = new_customer("One", code="AB-1"), new_customer("Other", code="A-B1")

    assert one.payment_reference != other.payment_reference
    assert iso11649.is_valid(other.payment_reference)
    assert payment_reference("x" * 40) == "RF78" + "X" * 21


@pytest.mark.parametrize("role", ["clerk", "collector", "auditor", "stranger"])
def test_who_keeps_cash_or_reads_opens_no_customer(
    role: str, uk: LegalEntity, net_30: PaymentTerms, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed, match="You may not create customers in Brightwater"):
        create_customer(by=request.getfixturevalue(role), entity=uk, name="Acme", terms=net_30)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Name: This field cannot be blank"),
        ({"name": "x" * 201}, "at most 200 characters"),
        ({"code": "=1+1"}, "letters, digits"),
        ({"currency": "XXQ"}, "“XXQ” is not a currency"),
        ({"credit_limit": Decimal(-1)}, "greater than or equal to 0"),
        ({"tax_number": "GB123456789"}, "is not a tax number of GB"),
        ({"tax_status": "reverse_charge"}, "needs a tax number for reverse charge"),
        ({"tax_status": "sometimes"}, "not a valid choice"),
        ({"payment_reference": "RF00"}, "can't be set"),
    ],
)
def test_what_cannot_be_is_refused(
    fields: dict[str, object], sentence: str, new_customer: Callable[..., Customer]
) -> None:
    with pytest.raises(Refused, match=sentence):
        new_customer(**{"name": "Acme", **fields})


def test_terms_of_another_company_are_refused(uk: LegalEntity, manager: User, foreign: Customer) -> None:
    with pytest.raises(Refused, match="belong to another company"):
        create_customer(by=manager, entity=uk, name="Acme", terms=foreign.terms)
