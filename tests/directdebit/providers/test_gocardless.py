"""GoCardless: keys of our own, late failures, payouts with their fees, signed webhooks."""

from datetime import date
from decimal import Decimal

import pytest

from core.money import money
from directdebit.providers.calls import Exchange
from directdebit.providers.gocardless import GoCardless, scheme_code
from directdebit.providers.protocol import DebitOrder, Payer, ProviderRefused, Status, Unanswered, advice_of
from directdebit.providers.webhooks import NotAnEvent, events_in, is_signed
from directdebit.returns import CodeList, Kind
from tests.directdebit.providers.cardless import SECRET, Cardless

START = date(2026, 5, 1)


def order(mandate: str, key: str = "o2c:1") -> DebitOrder:
    return DebitOrder(key, mandate, money("120.50 GBP"), date(2026, 5, 12), "INV-1")


def mandate_of(to_cardless: GoCardless, castle: Payer) -> str:
    return to_cardless.register_mandate(castle, "M-1", START).identifier


def test_the_same_key_gives_the_first_payment_again(to_cardless: GoCardless, cardless: Cardless, castle: Payer) -> None:
    mandate = mandate_of(to_cardless, castle)
    first = to_cardless.collect(order(mandate))

    assert to_cardless.collect(order(mandate)) == first
    assert mandate_of(to_cardless, castle) == mandate
    assert [len(cardless.kept[kind]) for kind in ("customers", "mandates", "payments")] == [1, 1, 1]
    assert cardless.kept["payments"][first.identifier]["amount"] == 12050


def test_a_create_whose_answer_was_lost_is_asked_again_and_made_once(
    to_cardless: GoCardless, cardless: Cardless, castle: Payer
) -> None:
    mandate = mandate_of(to_cardless, castle)
    cardless.faults = ["lost", "down"]

    payment = to_cardless.collect(order(mandate))

    assert list(cardless.kept["payments"]) == [payment.identifier]


def test_a_provider_that_stays_down_is_unanswered(to_cardless: GoCardless, cardless: Cardless, castle: Payer) -> None:
    mandate = mandate_of(to_cardless, castle)
    cardless.faults = ["down", "down", "down"]

    with pytest.raises(Unanswered, match="503"):
        to_cardless.collect(order(mandate))


def test_a_payment_can_fail_after_it_was_confirmed(to_cardless: GoCardless, cardless: Cardless, castle: Payer) -> None:
    mandate = mandate_of(to_cardless, castle)
    made = to_cardless.collect(order(mandate))
    cardless.kept["payments"][made.identifier]["status"] = "confirmed"
    assert [one.status for one in to_cardless.payments_of([mandate], START)] == [Status.PRESUMED_PAID]

    cardless.fail(made.identifier, "failed", "ARUDD-1", "2026-05-19T09:00:00Z")
    (failed,) = to_cardless.payments_of([mandate], START)
    advice = advice_of(failed, START)

    assert advice
    assert (advice.kind, advice.codes, advice.code) == (Kind.UNPAID, CodeList.ARUDD, "1")
    assert advice.effective_on == date(2026, 5, 19)


def test_payments_come_in_pages_and_only_since_the_day(
    castle: Payer, to_cardless: GoCardless, cardless: Cardless
) -> None:
    mandate = mandate_of(to_cardless, castle)
    for number in range(5):
        to_cardless.collect(order(mandate, f"o2c:{number}"))
    cardless.page = 2

    assert len(list(to_cardless.payments_of([mandate], START))) == 5
    assert list(to_cardless.payments_of([mandate], date(2026, 6, 1))) == []


def test_a_payout_is_gross_less_fees(to_cardless: GoCardless, cardless: Cardless) -> None:
    cardless.kept["payouts"]["PO1"] = {
        "id": "PO1", "amount": 11930, "deducted_fees": 120, "currency": "GBP",
        "reference": "GC-REF", "arrival_date": "2026-05-16", "links": {},
    }  # fmt: skip
    cardless.payout_items["PO1"] = [
        {"type": "payment_paid_out", "amount": "12050.0", "links": {"payment": "PM001"}},
        {"type": "gocardless_fee", "amount": "-120.0", "links": {"payment": "PM001"}},
    ]

    payout = to_cardless.payout("PO1")

    assert (payout.net, payout.gross, payout.fees) == (money("119.30 GBP"), money("120.50 GBP"), Decimal("1.20"))
    assert sum(item.amount for item in payout.items) == payout.net.amount


def test_a_cancelled_mandate_collects_nothing_more(to_cardless: GoCardless, castle: Payer) -> None:
    mandate = mandate_of(to_cardless, castle)
    to_cardless.cancel_mandate(mandate, "Customer leaves")
    to_cardless.cancel_mandate(mandate, "Customer leaves")

    with pytest.raises(ProviderRefused, match="Mandate is cancelled"):
        to_cardless.collect(order(mandate))


def test_a_limit_of_the_rate_is_waited_for(
    to_cardless: GoCardless, cardless: Cardless, castle: Payer, waited: list[float]
) -> None:
    cardless.faults = ["busy"]
    mandate_of(to_cardless, castle)
    assert waited == [1.0]


def test_bank_details_and_the_token_are_in_no_log(to_cardless: GoCardless, castle: Payer, log: list[Exchange]) -> None:
    mandate_of(to_cardless, castle)
    kept = " ".join(f"{one.path} {one.asked} {one.answered}" for one in log)
    assert "customer_bank_account" in kept
    assert not [secret for secret in ("55779911", "200000", "sandbox_token") if secret in kept]


@pytest.mark.parametrize(
    ("scheme", "written", "expected"),
    [
        ("bacs", "ARUDD-0", (CodeList.ARUDD, "0")),
        ("bacs", "ADDACS-B", (CodeList.ADDACS, "B")),
        ("sepa_core", "AM04", (CodeList.SEPA, "AM04")),
        ("ach", "R01", (CodeList.NACHA, "R01")),
    ],
)
def test_reasons_of_every_scheme_are_told_apart(scheme: str, written: str, expected: tuple[CodeList, str]) -> None:
    assert scheme_code(scheme, written) == expected


def test_a_webhook_is_believed_only_with_its_signature(cardless: Cardless) -> None:
    cardless.kept["payments"]["PM001"] = {"id": "PM001"}
    event = cardless.fail("PM001", "failed", "ARUDD-0", "2026-05-19T09:00:00Z")
    body, signature = cardless.webhook(event)

    assert is_signed(body, signature, SECRET)
    assert not is_signed(body + b" ", signature, SECRET)
    assert not is_signed(body, signature, "")
    assert [(one.identifier, one.action, one.resource) for one in events_in(body)] == [(event, "failed", "PM001")]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"events": [1]}', b'{"events": [{"id": 1}]}', b"[" * 100_000])
def test_what_is_no_webhook_is_no_event(body: bytes) -> None:
    with pytest.raises(NotAnEvent):
        list(events_in(body))
