"""A collection goes through a provider and comes back: asked once, polled, hinted at, killed in the middle."""

# ruff: noqa: F401, F811 - fixtures of neighbours

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core import clock
from core.models import User
from customers.models import Customer
from directdebit.actions.booking import book_return
from directdebit.actions.mandates import cancel_mandate
from directdebit.actions.providers import claim_request, record_hints
from directdebit.actions.reports import record_advices
from directdebit.models import (
    Collection,
    Creditor,
    Mandate,
    ProviderExchange,
    ProviderHint,
    ProviderPayout,
    ProviderRequest,
    ReturnedDebit,
)
from directdebit.provider_runs import ask_due, handle_hints, poll, slot_of
from directdebit.return_runs import book_new
from directdebit.returns import Advice, CodeList, Kind
from ledger.models import JournalLine, OpenItem
from tests.cashapp.conftest import bank_account
from tests.cashapp.receipts.conftest import castle, customer_of, halden, invoice
from tests.directdebit.providers.cardless import TOKEN, Cardless
from tests.directdebit.providers.paysuite import CLIENT, PaySuite
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


def test_a_released_mandate_is_set_up_there_and_lives(
    through_paysuite: Creditor,
    paysuite: PaySuite,
    castle: Customer,
    system: User,
    clerk: User,
) -> None:
    ready = mandate_of(through_paysuite, castle, "CASTLE-001", system)
    waiting = Mandate.objects.create(
        entity=ready.entity, creditor=through_paysuite, customer=Customer.objects.create(
            entity=ready.entity, code="C-2", name="Halden Ltd", currency="GBP", terms=castle.terms),
        bank_account=ready.bank_account, reference="HALDEN-001", signed_on=date(2026, 5, 1), created_by=system,
        state="draft",
    )  # fmt: skip
    Mandate.objects.filter(pk=waiting.pk).update(state="pending_lodgement")

    ask_due(system, through_paysuite)
    ask_due(system, through_paysuite)

    waiting.refresh_from_db()
    assert waiting.state == Mandate.State.ACTIVE
    assert list(paysuite.contracts) == [waiting.provider_identifier]


def test_a_collection_is_asked_for_once_although_the_answer_was_lost(
    through_paysuite: Creditor, paysuite: PaySuite, sent: Callable[..., Collection], system: User
) -> None:
    collection = sent(through_paysuite, contract(paysuite))
    paysuite.faults = ["", "lost"]

    assert ask_due(system, through_paysuite) == 0
    assert ProviderRequest.objects.get().state == State.ASKED
    assert ask_due(system, through_paysuite) == 0, "it waits before it looks again"
    assert ask_now(system, through_paysuite) == 1

    collection.refresh_from_db()
    assert list(paysuite.payments) == [collection.provider_identifier]
    assert ProviderRequest.objects.get().state == State.TAKEN


def test_a_worker_that_was_killed_after_claiming_leaves_it_to_the_next(
    through_gocardless: Creditor, cardless: Cardless, sent: Callable[..., Collection], system: User
) -> None:
    collection = sent(through_gocardless, md(cardless))
    cardless.faults = ["down", "down", "down"]
    ask_due(system, through_gocardless)
    assert claim_request(by=system, request=ProviderRequest.objects.get(), at=clock.now()) is None

    ask_now(system, through_gocardless)

    collection.refresh_from_db()
    assert list(cardless.kept["payments"]) == [collection.provider_identifier]


def test_a_mandate_that_ends_here_ends_there_once(
    through_paysuite: Creditor, paysuite: PaySuite, sent: Callable[..., Collection], system: User
) -> None:
    mandate = sent(through_paysuite, contract(paysuite)).mandate
    cancel_mandate(by=system, mandate=mandate, cancelled_on=date(2026, 5, 20), reason="Customer leaves")
    paysuite.faults = ["lost"]

    for _ in range(3):
        ask_due(system, through_paysuite)

    assert paysuite.contracts["K1"]["Status"] == "Cancelled"
    assert [path for _, path in paysuite.requests if path.endswith("/cancel")] == [
        f"/api/v3/client/{CLIENT}/contract/K1/cancel"
    ]


def test_what_the_provider_refuses_waits_with_its_words(
    through_gocardless: Creditor, cardless: Cardless, sent: Callable[..., Collection], system: User
) -> None:
    sent(through_gocardless, md(cardless))
    cardless.kept["mandates"]["MD001"]["status"] = "cancelled"

    ask_due(system, through_gocardless)

    request = ProviderRequest.objects.get()
    assert (request.state, "Mandate is cancelled" in request.said) == (State.REFUSED, True)


def test_polling_books_an_unpaid_one_once(
    through_paysuite: Creditor, paysuite: PaySuite, sent: Callable[..., Collection], system: User
) -> None:
    collection = sent(through_paysuite, contract(paysuite))
    ask_due(system, through_paysuite)
    (payment,) = paysuite.payments.values()
    payment.update(Status="Unpaid", ReasonCode="0,")

    assert (poll(system, through_paysuite), poll(system, through_paysuite)) == (1, 1)

    collection.refresh_from_db()
    assert collection.state == Collection.State.RETURNED
    assert [one.state for one in ReturnedDebit.objects.all()] == [ReturnedDebit.State.BOOKED]


def test_a_hint_of_a_late_failure_is_asked_for_and_booked_once_with_the_poll(
    through_gocardless: Creditor, cardless: Cardless, sent: Callable[..., Collection], system: User
) -> None:
    collection = sent(through_gocardless, md(cardless))
    ask_due(system, through_gocardless)
    (payment,) = cardless.kept["payments"]
    moment = clock.now().isoformat()
    cardless.fail(payment, "failed", "ARUDD-1", moment)
    hint = ProviderHint(creditor=through_gocardless, key="EV1", about="payment", resource=payment, action="failed")
    assert record_hints(by=system, creditor=through_gocardless, hints=[hint]) == 1

    assert handle_hints(system, through_gocardless) == 1
    assert handle_hints(system, through_gocardless) == 0
    poll(system, through_gocardless)

    collection.refresh_from_db()
    assert collection.state == Collection.State.RETURNED
    assert Mandate.objects.get(pk=collection.mandate_id).state == Mandate.State.CANCELLED
    assert ReturnedDebit.objects.get().code == "1"


def test_a_payout_books_the_fees_that_stayed_there(
    through_gocardless: Creditor, cardless: Cardless, system: User
) -> None:
    cardless.kept["payouts"]["PO1"] = {
        "id": "PO1", "amount": 11930, "deducted_fees": 70, "currency": "GBP",
        "reference": "GC-1", "arrival_date": "2026-05-18", "links": {},
    }  # fmt: skip
    cardless.payout_items["PO1"] = []
    for key in ("EV8", "EV9"):
        hint = ProviderHint(creditor=through_gocardless, key=key, about="payout", resource="PO1", action="paid")
        record_hints(by=system, creditor=through_gocardless, hints=[hint])

    handle_hints(system, through_gocardless)

    assert ProviderPayout.objects.get().net == Decimal("119.3")
    lines = {(line.account.code, line.debit, line.credit) for line in JournalLine.objects.all()}
    assert lines == {("6200", Decimal("0.7"), Decimal(0)), ("1210", Decimal(0), Decimal("0.7"))}


def test_the_log_keeps_every_request_and_no_bank_details(
    through_gocardless: Creditor, cardless: Cardless, sent: Callable[..., Collection], system: User
) -> None:
    sent(through_gocardless, md(cardless))
    ask_due(system, through_gocardless)

    kept = " ".join(f"{one.asked} {one.answered}" for one in ProviderExchange.objects.all())
    assert ProviderExchange.objects.count() == len(cardless.requests)
    assert not [secret for secret in ("55779911", TOKEN) if secret in kept]


@pytest.mark.django_db(transaction=True)
def test_two_speak_for_a_creditor_at_most(through_paysuite: Creditor) -> None:
    with slot_of(through_paysuite) as first, slot_of(through_paysuite) as second:
        assert (first, second) == (True, True)


def test_a_worker_killed_while_booking_leaves_the_rest_to_the_next(
    mandate: Mandate,
    castle: Customer,
    invoice: Callable[..., OpenItem],
    draw: Draw,
    system: User,
    may: Any,
) -> None:
    for number in range(3):
        draw(mandate, [invoice(castle, f"INV-{number}", f"{number + 1}0.00", may(1))], may(12))
    advices = [
        Advice(Kind.UNPAID, CodeList.ARUDD, "0", mandate_reference="CASTLE-001", amount=Decimal(f"{number + 1}0"),
               currency="GBP", collected_on=may(12), effective_on=may(15))
        for number in range(3)
    ]  # fmt: skip
    told = record_advices(by=system, entity=mandate.entity, advices=advices, source="file")
    book_return(by=system, returned=told[0], on=may(15))

    assert (book_new(system), book_new(system)) == (2, 0)

    assert {one.state for one in ReturnedDebit.objects.all()} == {ReturnedDebit.State.BOOKED}
    assert Collection.objects.filter(state=Collection.State.RETURNED).count() == 3
