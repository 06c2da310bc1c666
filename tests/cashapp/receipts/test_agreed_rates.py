"""A rate that somebody types: near the day's it counts, further off it takes their own limit; a form exchanges once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cashapp.actions.applying import unapply_receipt
from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.exchanges import Exchange, exchange_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.errors import AboveTolerance, AlreadyEnded
from cashapp.exchanging import Rate, beside
from cashapp.models import Receipt, ReceiptExchange
from cashapp.money_in import Incoming
from controls.actions import AboveAuthority, set_limit
from controls.models import Authority, AuthorityReturn, AuthorityUse
from core.errors import SameKeyOtherContent
from core.models import ExchangeRate, User
from core.money import Money, money
from customers.models import Customer
from ledger.models import OpenItem
from ledger.posting import OverAllocated
from tests.cashapp.receipts.conftest import open_amounts
from tests.cashapp.receipts.test_exchanges import dollars as dollars

Make = Callable[..., Any]
Day = Callable[[int], date]
KINDS = ReceiptExchange.RateKind


def agreed(item: OpenItem, settled: str, rate: str) -> Exchange:
    return Exchange(item, Decimal(settled), Rate(Decimal(rate), KINDS.AGREED))


@pytest.fixture
def on_account(clerk: User, castle: Customer, may: Day) -> Receipt:
    """900 pounds of Castle wait since the day on which a dollar was 0.78."""
    return post_receipt(by=clerk, customer=castle, incoming=Incoming(money("900.00 GBP"), may(12), key="wire-1"))


def test_a_rate_far_from_the_days_takes_the_persons_own_limit_and_gives_it_back(
    clerk: User, system: User, finance_manager: User, dollars: OpenItem, on_account: Receipt, may: Day
) -> None:
    def settle(by: User, settled: str, rate: str, day: int = 13) -> ReceiptExchange:
        exchange = agreed(dollars, settled, rate)
        return exchange_receipt(by=by, receipt=on_account, exchange=exchange, exchanged_on=may(day))

    for rate, difference in (("0.88", "50.00"), ("0.7", "40.00")):
        refused = f"INV-US-1001 at {rate}, where the day's is 0.78: {difference} GBP is above your limit of 0.00 GBP"
        with pytest.raises(AboveAuthority, match=refused):
            settle(clerk, "500.00", rate)
    with pytest.raises(AboveTolerance, match=r"changes 50.00 GBP; a person decides"):
        settle(system, "500.00", "0.88")
    near = settle(clerk, "100.00", "0.80")
    assert (near.used, near.authority_use) == (Decimal(80), None), "2.00 of 78.00 are near enough"

    limit: dict[str, Any] = {"entity": dollars.entity, "kind": Authority.ADJUSTMENT, "currency": "GBP", "person": clerk}
    set_limit(by=finance_manager, amount=Decimal(60), **limit)
    far = settle(clerk, "500.00", "0.88")
    assert far.authority_use is not None and far.authority_use.amount == 50
    with pytest.raises(AboveAuthority, match=r"20.00 GBP is above your limit of 60.00 GBP, of which 50.00 GBP were"):
        settle(clerk, "200.00", "0.88")

    unapply_receipt(by=clerk, receipt=on_account, unapplied_on=may(14), reason="Mistyped")

    assert AuthorityReturn.objects.get().use == far.authority_use
    assert open_amounts([dollars, on_account.item]) == ["1000.00", "900.00"]
    assert settle(clerk, "500.00", "0.88", 14).authority_use != far.authority_use


def test_without_a_rate_between_two_foreign_currencies_all_of_the_money_counts(
    clerk: User, finance_manager: User, castle: Customer, dollars: OpenItem, may: Day
) -> None:
    ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=may(1), rate=Decimal("0.86"))
    euros = post_receipt(by=clerk, customer=castle, incoming=Incoming(money("90.00 EUR"), may(12), key="wire-2"))
    typed = agreed(dollars, "100.00", "0.90")
    with pytest.raises(AboveAuthority, match=r"where none is known for the day: 90.00 EUR is above your limit of 0.00"):
        exchange_receipt(by=clerk, receipt=euros, exchange=typed, exchanged_on=may(13))

    limit: dict[str, Any] = {"entity": dollars.entity, "kind": Authority.ADJUSTMENT, "currency": "GBP", "person": clerk}
    set_limit(by=finance_manager, amount=Decimal(78), **limit)
    kept = exchange_receipt(by=clerk, receipt=euros, exchange=typed, exchanged_on=may(13))
    assert kept.authority_use is not None and kept.authority_use.base_amount == Decimal("77.40")


def test_the_desk_refuses_a_mistyped_rate_and_posts_nothing(
    clerk: User, castle: Customer, dollars: OpenItem, bank_line: Make, may: Day
) -> None:
    line = bank_line("900.00", "INV-US-1001", on=may(12))
    with pytest.raises(AboveAuthority, match="higher limit for adjustments"):
        match_line(by=clerk, line=line, verdict=Verdict(castle, exchanges=[agreed(dollars, "1000.00", "0.87")]))
    assert not Receipt.objects.exists() and not AuthorityUse.objects.exists()


def test_a_form_that_is_sent_twice_exchanges_once(
    clerk: User, signed_in: Callable[[User], Client], dollars: OpenItem, on_account: Receipt, may: Day
) -> None:
    page, shown = signed_in(clerk), f"/receipts/{on_account.pk}/"
    assert 'name="exchange-request_id" value="' in page.get(shown).content.decode()
    form = {"exchange-document": "INV-US-1001", "exchange-amount": "400.00", "exchange-on": "2026-05-13"}
    sent = {**form, "exchange-request_id": "f1"}

    assert [page.post(f"{shown}exchange/", sent).status_code for _ in range(2)] == [302, 302]

    assert open_amounts([dollars, on_account.item]) == ["600.00", "588.00"]
    other = page.post(f"{shown}exchange/", {**sent, "exchange-amount": "300.00"})
    assert other.status_code == 422 and "with other content. Open the page anew." in other.content.decode()
    rest = page.post(f"{shown}exchange/", {**form, "exchange-request_id": "f2", "exchange-amount": ""})
    assert rest.status_code == 302
    assert open_amounts([dollars]) == ["0.00"], "without an amount it is all that is open"
    assert page.post(f"{shown}exchange/", {**sent, "exchange-request_id": "f3"}).status_code == 422
    exchange = Exchange(dollars, Decimal(400))
    unapply_receipt(by=clerk, receipt=on_account, unapplied_on=may(14), reason="Another one")
    with pytest.raises(AlreadyEnded, match="taken back since"):
        exchange_receipt(by=clerk, receipt=on_account, exchange=exchange, exchanged_on=may(13), request_id="f1")
    with pytest.raises(SameKeyOtherContent):
        exchange_receipt(by=clerk, receipt=on_account, exchange=exchange, exchanged_on=may(14), request_id="f1")


def test_a_settled_document_and_an_empty_receipt_are_told_apart(
    clerk: User, dollars: OpenItem, castle: Customer, on_account: Receipt, may: Day
) -> None:
    exchange_receipt(by=clerk, receipt=on_account, exchange=Exchange(dollars), exchanged_on=may(13))
    with pytest.raises(OverAllocated, match="INV-US-1001 is settled already"):
        exchange_receipt(by=clerk, receipt=on_account, exchange=Exchange(dollars), exchanged_on=may(13))


@pytest.mark.parametrize(
    ("used", "settled", "known", "gap"),
    [
        ("80.34 GBP", "100.00 USD", ["0.78"], None),
        ("80.37 GBP", "100.00 USD", ["0.78"], "2.37"),
        ("75.60 GBP", "100.00 USD", ["0.78"], "2.40"),
        ("88.00 GBP", "100.00 USD", ["0.78", "0.86"], None),
        ("95.00 GBP", "100.00 USD", ["0.78", "0.86"], "9.00"),
        ("95.00 GBP", "100.00 USD", [], "95.00"),
        ("0.05 GBP", "0.05 USD", ["0.78"], None),
    ],
)
def test_what_is_near(used: str, settled: str, known: list[str], gap: str | None) -> None:
    found = beside(money(used), money(settled), [Rate(Decimal(each), KINDS.DAY) for each in known])
    assert found == (Money(Decimal(gap), "GBP") if gap else None)
