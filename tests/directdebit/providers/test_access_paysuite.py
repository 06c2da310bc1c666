"""Access PaySuite: nothing is asked for twice, although nothing there protects from it."""

from dataclasses import replace
from datetime import date

import httpx
import pytest

from core.money import money
from directdebit.providers.access_paysuite import AccessPaySuite
from directdebit.providers.calls import Caller, Exchange
from directdebit.providers.protocol import (
    DebitOrder,
    Payer,
    ProviderRefused,
    RateLimited,
    Status,
    Unanswered,
    advice_of,
)
from directdebit.returns import CodeList, Kind
from tests.directdebit.providers.paysuite import PaySuite

START = date(2026, 5, 1)


def order(mandate: str, key: str = "o2c:1", amount: str = "120.50 GBP") -> DebitOrder:
    return DebitOrder(key, mandate, money(amount), date(2026, 5, 12), "INV-1")


def mandate_of(to_paysuite: AccessPaySuite, castle: Payer) -> str:
    return to_paysuite.register_mandate(castle, "M-1", START).identifier


def test_a_mandate_and_a_collection_are_made_once(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    mandate = mandate_of(to_paysuite, castle)
    made = to_paysuite.collect(order(mandate))

    assert mandate_of(to_paysuite, castle) == mandate
    assert to_paysuite.collect(order(mandate)).identifier == made.identifier
    assert (len(paysuite.customers), len(paysuite.contracts), len(paysuite.payments)) == (1, 1, 1)
    assert (made.money, made.status, made.key) == (money("120.50 GBP"), Status.PENDING, "o2c:1")


def test_a_new_mandate_is_drawn_from_its_own_account_and_not_from_the_old_one_s(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    old = to_paysuite.register_mandate(castle, "M-1", START).identifier
    moved = replace(castle, reference="M-2", sort_code="08-99-99", account_number="66374958")

    new = to_paysuite.register_mandate(moved, "M-2", START).identifier

    drawn_from = {
        contract: paysuite.customers[paysuite.contracts[contract]["Customer"]]["BankDetail"]["AccountNumber"]
        for contract in (old, new)
    }
    assert drawn_from == {old: "55779911", new: "66374958"}


def test_another_account_under_the_same_reference_is_refused_and_not_used(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    to_paysuite.register_mandate(castle, "M-1", START)

    with pytest.raises(ProviderRefused, match="keeps another account for C-1"):
        to_paysuite.register_mandate(replace(castle, account_number="66374958"), "M-9", START)

    assert len(paysuite.contracts) == 1


def test_a_holder_s_name_is_sent_in_the_letters_that_it_takes(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    to_paysuite.register_mandate(replace(castle, account_holder="Müller & O'Brien (Retail) Ltd"), "M-1", START)

    (customer,) = paysuite.customers.values()
    assert customer["BankDetail"]["AccountHolderName"] == "MUELLER O BRIEN RE"


def test_the_hundred_and_first_payment_is_found_as_well(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    mandate = mandate_of(to_paysuite, castle)
    made = [to_paysuite.collect(order(mandate, f"o2c:{number}")) for number in range(102)]

    assert to_paysuite.collect(order(mandate, "o2c:101")).identifier == made[101].identifier
    assert len(paysuite.payments) == 102


def test_more_payments_than_can_be_read_are_refused_and_never_asked_for_blindly(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    mandate = mandate_of(to_paysuite, castle)
    first = to_paysuite.collect(order(mandate))
    row = paysuite.payments[first.identifier]
    paysuite.payments |= {f"P{number}": {**row, "Id": f"P{number}"} for number in range(10_000)}

    with pytest.raises(ProviderRefused, match="10,000 payments or more"):
        to_paysuite.collect(order(mandate, "o2c:2"))

    assert len(paysuite.payments) == 10_001


def test_a_create_whose_answer_was_lost_is_found_and_not_made_again(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    mandate = mandate_of(to_paysuite, castle)
    paysuite.faults = ["", "lost"]

    with pytest.raises(Unanswered):
        to_paysuite.collect(order(mandate))

    assert len(paysuite.payments) == 1
    assert to_paysuite.collect(order(mandate)).identifier in paysuite.payments
    assert len(paysuite.payments) == 1


def test_a_create_is_never_repeated_by_itself_but_a_search_is(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    mandate = mandate_of(to_paysuite, castle)
    paysuite.requests.clear()
    paysuite.faults = ["down", "", "down"]

    with pytest.raises(Unanswered, match="503"):
        to_paysuite.collect(order(mandate))

    assert [method for method, _ in paysuite.requests] == ["GET", "GET", "POST"]
    assert paysuite.payments == {}


def test_a_short_limit_of_the_rate_is_waited_for_and_a_lasting_one_is_told(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer, waited: list[float]
) -> None:
    paysuite.faults = ["busy"]
    mandate_of(to_paysuite, castle)
    assert waited == [1.0]

    paysuite.faults = ["busy", "busy", "busy"]
    with pytest.raises(RateLimited):
        mandate_of(to_paysuite, castle)


def test_paid_means_only_presumed_paid_and_an_unpaid_one_says_why(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    mandate = mandate_of(to_paysuite, castle)
    made = to_paysuite.collect(order(mandate))
    paysuite.payments[made.identifier]["Status"] = "Paid"
    (paid,) = to_paysuite.payments_of([mandate], START)
    assert paid.status == Status.PRESUMED_PAID
    assert advice_of(paid, START) is None

    paysuite.payments[made.identifier].update(Status="Unpaid", ReasonCode="0,")
    (unpaid,) = to_paysuite.payments_of([mandate], START)
    advice = advice_of(unpaid, date(2026, 5, 15))

    assert advice
    assert (advice.kind, advice.codes, advice.code) == (Kind.UNPAID, CodeList.ARUDD, "0")
    assert (advice.amount, advice.collected_on, advice.collection_reference) == (
        made.money.amount, date(2026, 5, 12), made.identifier,
    )  # fmt: skip


def test_an_indemnity_claim_is_told_as_a_claim(to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer) -> None:
    mandate = mandate_of(to_paysuite, castle)
    made = to_paysuite.collect(order(mandate))
    paysuite.payments[made.identifier].update(Status="Indemnity Claimed", ReasonCode="2")

    advice = advice_of(to_paysuite.payment(made.identifier, mandate), START)

    assert advice
    assert (advice.kind, advice.codes) == (Kind.CLAIMED, CodeList.DDICA)


def test_cancelling_a_contract_deletes_what_was_not_sent_yet(
    to_paysuite: AccessPaySuite, paysuite: PaySuite, castle: Payer
) -> None:
    mandate = mandate_of(to_paysuite, castle)
    kept = to_paysuite.collect(order(mandate, "o2c:1"))
    to_paysuite.collect(order(mandate, "o2c:2"))
    paysuite.payments[kept.identifier]["Status"] = "Paid"

    to_paysuite.cancel_mandate(mandate, "Customer leaves")

    assert list(paysuite.payments) == [kept.identifier]
    assert not to_paysuite.mandate(mandate).is_live
    with pytest.raises(ProviderRefused, match="not active"):
        to_paysuite.collect(order(mandate, "o2c:3"))


def test_a_wrong_key_is_refused_in_the_provider_s_words(
    paysuite: PaySuite, to_paysuite: AccessPaySuite, castle: Payer
) -> None:
    to_paysuite.caller.client.headers["apiKey"] = "wrong"
    with pytest.raises(ProviderRefused, match="API not enabled"):
        to_paysuite.register_mandate(castle, "M-1", START)


def test_bank_details_and_the_key_are_in_no_log(
    to_paysuite: AccessPaySuite, castle: Payer, log: list[Exchange]
) -> None:
    mandate_of(to_paysuite, castle)
    mandate_of(to_paysuite, castle)

    kept = " ".join(f"{one.path} {one.asked} {one.answered}" for one in log)
    assert "customerRef" in kept
    assert not [
        secret
        for secret in ("55779911", "200000", "key-of-brightwater", "Castle Fibre Ltd")
        if secret in kept.replace('"companyName": "Castle Fibre Ltd"', "").replace('"surname": "Fibre Ltd"', "")
    ]


def test_nobody_at_the_address_is_unanswered_and_logged(log: list[Exchange]) -> None:
    nowhere = AccessPaySuite(Caller("http://127.0.0.1:9/", {}, log.append, seconds=1), schedule="adhoc")

    with pytest.raises(Unanswered, match="ConnectError"):
        nowhere.payment("P", "M")

    assert {one.error for one in log} == {httpx.ConnectError.__name__}
    assert len(log) == 3
