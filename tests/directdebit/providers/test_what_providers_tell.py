"""What providers say is asked for and carried out, one by one: no refusal keeps another."""

# ruff: noqa: F401, F811 - fixtures of neighbours

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from core import clock
from core.models import LegalEntity, User
from customers.models import Customer
from directdebit.actions.paying import presume_paid
from directdebit.actions.providers import ask_again, record_hints
from directdebit.actions.runs import cancel_collection
from directdebit.errors import CollectionRefused
from directdebit.models import (
    Collection,
    Creditor,
    Mandate,
    ProviderHint,
    ProviderRequest,
    ReturnedDebit,
    ReturnPolicy,
)
from directdebit.provider_runs import ask_due, handle_hints, poll
from ledger.models import AccountingPeriod, OpenItem
from ledger.periods import first_of_month
from tests.cashapp.conftest import bank_account
from tests.cashapp.receipts.conftest import castle, customer_of, halden, invoice
from tests.directdebit.providers.cardless import Cardless
from tests.directdebit.providers.paysuite import PaySuite
from tests.directdebit.providers.through import (
    State,
    ask_now,
    contract,
    md,
    sent,
    submitted,
    through_gocardless,
    through_paysuite,
)
from tests.directdebit.returns.conftest import Draw, books, creditor, draw, mandate, mandate_of

DECEASED = {"key": "CB1", "action": "Cancelled", "codes": "ADDACS", "code": "2"}


def test_a_callback_that_lies_about_the_reason_is_asked_about_and_not_believed(
    through_paysuite: Creditor, paysuite: PaySuite, sent: Callable[..., Collection], system: User
) -> None:
    mandate = sent(through_paysuite, contract(paysuite)).mandate
    paysuite.contracts["K1"]["Status"] = "Cancelled"
    hint = ProviderHint(
        creditor=through_paysuite,
        key="CB1",
        about="contract",
        resource="K1",
        action="Cancelled",
        codes="ADDACS",
        code="2",
    )
    record_hints(by=system, creditor=through_paysuite, hints=[hint])

    handle_hints(system, through_paysuite)

    mandate.refresh_from_db()
    told = ReturnedDebit.objects.get()
    assert mandate.state == Mandate.State.CANCELLED
    assert (told.code, [each.kind for each in told.follow_ups.all()]) == ("0", ["customer_success"])


def test_a_callback_about_a_live_mandate_changes_nothing(
    through_paysuite: Creditor, paysuite: PaySuite, sent: Callable[..., Collection], system: User
) -> None:
    mandate = sent(through_paysuite, contract(paysuite)).mandate
    hint = ProviderHint(
        creditor=through_paysuite,
        key="CB1",
        about="contract",
        resource="K1",
        action="Cancelled",
        codes="ADDACS",
        code="2",
    )
    record_hints(by=system, creditor=through_paysuite, hints=[hint])

    handle_hints(system, through_paysuite)

    mandate.refresh_from_db()
    assert mandate.is_live
    assert ProviderHint.objects.get().outcome == "The mandate is live."


def test_gocardless_is_asked_why_a_mandate_ended(
    through_gocardless: Creditor, cardless: Cardless, sent: Callable[..., Collection], system: User
) -> None:
    sent(through_gocardless, md(cardless))
    cardless.kept["mandates"]["MD001"]["status"] = "cancelled"
    cardless.kept["events"]["EV1"] = {
        "id": "EV1", "action": "cancelled", "created_at": "2026-05-19T09:00:00Z", "resource_type": "mandates",
        "details": {"scheme": "bacs", "reason_code": "ADDACS-B", "description": "Account closed"},
        "links": {"mandate": "MD001"},
    }  # fmt: skip
    hint = ProviderHint(creditor=through_gocardless, key="EV1", about="mandate", resource="MD001", action="cancelled")
    record_hints(by=system, creditor=through_gocardless, hints=[hint])

    handle_hints(system, through_gocardless)

    told = ReturnedDebit.objects.get()
    assert (told.codes, told.code, told.words) == ("ADDACS", "B", "Account closed")
    assert [each.kind for each in told.follow_ups.all()] == ["new_details"]


def test_one_mandate_that_the_provider_refuses_to_tell_of_stops_no_other(
    through_paysuite: Creditor,
    paysuite: PaySuite,
    sent: Callable[..., Collection],
    halden: Customer,
    invoice: Callable[..., OpenItem],
    draw: Draw,
    system: User,
) -> None:
    lost = sent(through_paysuite, contract(paysuite))
    paysuite.contracts["K2"] = {"Id": "K2", "Customer": "C2", "Status": "Active", "DirectDebitRef": "Y"}
    other = mandate_of(through_paysuite, halden, "HALDEN-001", system)
    Mandate.objects.filter(pk=other.pk).update(provider_identifier="K2")
    other.refresh_from_db()
    item = invoice(halden, "INV-2", "80.00", lost.collect_on - timedelta(days=20))
    told = submitted(other, item, lost.collect_on, draw, system)
    ask_due(system, through_paysuite)
    told.refresh_from_db()
    paysuite.payments[told.provider_identifier].update(Status="Unpaid", ReasonCode="0,")
    paysuite.hidden.add("K1")

    assert poll(system, through_paysuite) == 1

    told.refresh_from_db()
    assert told.state == Collection.State.RETURNED
    assert "Contract cannot be accessed" in ProviderRequest.objects.get(collection=lost).said


def test_a_return_that_cannot_be_booked_waits_and_stops_no_other(
    through_paysuite: Creditor,
    paysuite: PaySuite,
    sent: Callable[..., Collection],
    system: User,
    uk: LegalEntity,
) -> None:
    collection = sent(through_paysuite, contract(paysuite))
    ask_due(system, through_paysuite)
    (payment,) = paysuite.payments.values()
    payment.update(Status="Unpaid", ReasonCode="0,")
    ReturnPolicy.objects.create(creditor=through_paysuite, bank_fee=5, recharge=0, changed_by=system)
    today = clock.today(uk)
    AccountingPeriod.objects.update_or_create(
        entity=uk, starts_on=first_of_month(today), defaults={"state": AccountingPeriod.State.CLOSED}
    )

    assert poll(system, through_paysuite) == 1

    told = ReturnedDebit.objects.get()
    collection.refresh_from_db()
    assert (told.state, "is closed" in told.why) == (ReturnedDebit.State.WAITING, True)
    assert collection.state == Collection.State.SUBMITTED


def test_what_the_provider_withdrew_frees_its_documents(
    through_paysuite: Creditor, paysuite: PaySuite, sent: Callable[..., Collection], system: User
) -> None:
    collection = sent(through_paysuite, contract(paysuite))
    ask_due(system, through_paysuite)
    (payment,) = paysuite.payments.values()
    payment["Status"] = "Withdrawn"

    poll(system, through_paysuite)
    poll(system, through_paysuite)

    collection.refresh_from_db()
    part = collection.parts.get()
    assert (collection.state, part.stands, part.item.open_amount) == (Collection.State.CANCELLED, False, 120)
    assert collection.events.filter(state=Collection.State.CANCELLED).count() == 1


def test_a_receipt_presumed_of_what_was_withdrawn_ends(
    through_paysuite: Creditor, paysuite: PaySuite, sent: Callable[..., Collection], system: User, uk: LegalEntity
) -> None:
    collection = sent(through_paysuite, contract(paysuite))
    ask_due(system, through_paysuite)
    presume_paid(by=system, entity=uk, as_of=clock.today(uk))
    (payment,) = paysuite.payments.values()
    payment["Status"] = "Withdrawn"

    poll(system, through_paysuite)

    collection.refresh_from_db()
    assert collection.receipt and not collection.receipt.is_live
    assert (collection.state, collection.parts.get().item.open_amount) == (Collection.State.RETURNED, 120)


def test_a_collection_that_the_provider_refused_is_taken_back_and_never_asked_for_again(
    through_gocardless: Creditor, cardless: Cardless, sent: Callable[..., Collection], system: User, clerk: User
) -> None:
    collection = sent(through_gocardless, md(cardless))
    with pytest.raises(CollectionRefused, match="is submitted already"):
        cancel_collection(by=clerk, collection=collection, cancelled_on=collection.collect_on, reason="No")
    cardless.kept["mandates"]["MD001"]["status"] = "cancelled"
    ask_due(system, through_gocardless)

    cancel_collection(by=clerk, collection=collection, cancelled_on=collection.collect_on, reason="No mandate there")

    cardless.kept["mandates"]["MD001"]["status"] = "active"
    request = ProviderRequest.objects.get()
    with pytest.raises(CollectionRefused, match="was cancelled"):
        ask_again(by=clerk, request=request)
    ProviderRequest.objects.update(state=State.TO_ASK)
    ask_now(system, through_gocardless)
    assert not cardless.kept["payments"]
    assert not collection.parts.get().stands


def test_a_mandate_that_the_provider_does_not_take_says_why_until_it_does(
    through_paysuite: Creditor, paysuite: PaySuite, castle: Customer, system: User
) -> None:
    ready = mandate_of(through_paysuite, castle, "CASTLE-001", system)
    Mandate.objects.filter(pk=ready.pk).update(state="cancelled", ended_on=date(2026, 5, 1))
    waiting = Mandate.objects.create(
        entity=ready.entity, creditor=through_paysuite, customer=castle, bank_account=ready.bank_account,
        reference="CASTLE-002", signed_on=date(2026, 5, 1), created_by=system,
    )  # fmt: skip
    Mandate.objects.filter(pk=waiting.pk).update(state="pending_lodgement")
    paysuite.no_new_customers = True
    ask_due(system, through_paysuite)
    waiting.refresh_from_db()
    assert "Invalid Postcode" in waiting.provider_said

    paysuite.no_new_customers = False
    ask_due(system, through_paysuite)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.provider_said) == (Mandate.State.ACTIVE, "")
    assert [one["CustomerRef"] for one in paysuite.customers.values()] == ["CASTLE-002"]
