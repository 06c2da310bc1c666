"""A receipt settles a document of another currency at the rate of the bank, of the day or agreed; and back again."""

from collections.abc import Callable
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from cashapp.actions.desk import Verdict, match_line, undo_line
from cashapp.actions.exchanges import Exchange, exchange_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.errors import WrongDocument
from cashapp.exchanging import NotExchangeable, Rate, exchanged
from cashapp.models import BankStatementLine, MatchTask, Receipt, ReceiptExchange
from cashapp.money_in import Incoming
from cashapp.queries.exchanges import realised_by
from cashapp.queries.receipts import payments_of_receipt
from core.errors import NotAllowed
from core.models import ExchangeRate, LegalEntity, User
from core.money import Money, money
from customers.models import Customer
from ledger.models import JournalLine, OpenItem
from ledger.posting import OverAllocated
from tests.cashapp.receipts.conftest import open_amounts

Make = Callable[..., Any]
Day = Callable[[int], date]
KINDS = ReceiptExchange.RateKind


@pytest.fixture
def dollars(books: LegalEntity, castle: Customer, invoice: Make, may: Day) -> OpenItem:
    """Castle owes 1,000 dollars, which stand in the books at 0.80."""
    for day, rate in ((1, "0.80"), (12, "0.78")):
        ExchangeRate.objects.create(from_currency="USD", to_currency="GBP", on=may(day), rate=Decimal(rate))
    castle.currency = "USD"
    item: OpenItem = invoice(castle, "INV-US-1001", "1000.00", may(1))
    castle.currency = "GBP"
    return item


def worth(entity: LegalEntity) -> dict[str, str]:
    """What stands on the accounts that an exchange touches, in the currency of the books."""
    found: dict[str, Decimal] = {}
    for line in JournalLine.objects.filter(entry__entity=entity).select_related("account"):
        role = line.account.role
        found[role] = found.get(role, Decimal(0)) + line.base_debit - line.base_credit
    wanted = ("bank", "receivables", "exchange_clearing", "exchange_differences", "rounding")
    return {role: f"{found[role]:.2f}" for role in wanted if found.get(role)}


def test_pounds_pay_dollars_at_the_rate_of_the_day_and_a_penny_is_rounding(
    clerk: User, castle: Customer, dollars: OpenItem, bank_line: Make, may: Day
) -> None:
    line = bank_line("779.99", "INV-US-1001", on=may(12))

    receipt = match_line(by=clerk, line=line, verdict=Verdict(castle, exchanges=[Exchange(dollars, Decimal(1000))]))

    assert open_amounts([dollars, receipt.item]) == ["0.00", "0.00"]
    kept = receipt.exchanges.get()
    assert (kept.used_money, kept.settled_money) == (money("779.99 GBP"), money("1000.00 USD"))
    assert (kept.rate, kept.rate_kind, kept.rounding) == (Decimal("0.78"), KINDS.DAY, Decimal("0.01"))
    assert worth(castle.entity) == {"bank": "779.99", "exchange_differences": "20.00", "rounding": "0.01"}
    assert realised_by(kept) == money("-20.00 GBP")
    decision = line.decisions.get(outcome="posted")
    assert decision.evidence[-1]["words"] == (
        "779.99 GBP settle 1,000.00 USD of INV-US-1001: 1 USD = 0.78 GBP, the rate of the day"
    )
    assert MatchTask.objects.get(line=line).state == MatchTask.State.MATCHED
    (paid,) = payments_of_receipt(receipt)
    assert (paid.item, paid.amount, paid.realised_in_words) == (
        dollars,
        Decimal("779.99"),
        "20.00 GBP lost by the rate",
    )

    undo_line(by=clerk, line=line, undone_on=may(13), reason="They meant another one")

    assert open_amounts([dollars]) == ["1000.00"]
    assert worth(castle.entity) == {"receivables": "800.00"}
    assert not receipt.exchanges.filter(ended_on=None).exists()
    call_command("check_ledger")


def test_dollars_pay_pounds_and_part_of_them_waits_on_account(
    clerk: User, auditor: User, books: LegalEntity, castle: Customer, dollars: OpenItem, invoice: Make, may: Day
) -> None:
    pounds = invoice(castle, "INV-1002", "85.00", may(2))
    incoming = Incoming(Money(Decimal(150), "USD"), may(12), key="wire-1")
    receipt = post_receipt(by=clerk, customer=castle, incoming=incoming)
    agreed = Exchange(pounds, Decimal(85), Rate(Decimal("1.25"), KINDS.AGREED))
    with pytest.raises(NotAllowed):
        exchange_receipt(by=auditor, receipt=receipt, exchange=agreed, exchanged_on=may(13))
    with pytest.raises(WrongDocument, match="nothing has to be exchanged"):
        exchange_receipt(by=clerk, receipt=receipt, exchange=Exchange(dollars, Decimal(5)), exchanged_on=may(13))
    with pytest.raises(OverAllocated, match="only 85.00 GBP left open"):
        exchange_receipt(by=clerk, receipt=receipt, exchange=Exchange(pounds, Decimal(86)), exchanged_on=may(13))
    with pytest.raises(NotExchangeable, match=r"85.00 GBP cost 170.00 USD at 2, but only 150.00 USD are left"):
        too_dear = Exchange(pounds, Decimal(85), Rate(Decimal(2), KINDS.AGREED))
        exchange_receipt(by=clerk, receipt=receipt, exchange=too_dear, exchanged_on=may(13))

    kept = exchange_receipt(by=clerk, receipt=receipt, exchange=agreed, exchanged_on=may(13))

    receipt.item.refresh_from_db()
    assert (kept.used, receipt.item.open_money) == (Decimal("106.25"), money("43.75 USD"))
    assert open_amounts([pounds]) == ["0.00"]
    assert realised_by(kept) == money("-2.12 GBP"), "106.25 dollars are worth 82.88 and paid 85.00"
    assert "exchange_clearing" not in worth(books)
    call_command("check_ledger")


def test_the_desk_proposes_a_document_of_another_currency_that_the_line_names(
    signed_in: Callable[[User], Client], clerk: User, castle: Customer, dollars: OpenItem, bank_line: Make, may: Day
) -> None:
    near = bank_line("790.00", "INV-US-1001", on=may(12))
    bank: BankStatementLine = copy(near)
    bank.pk, bank.line_key, bank.booking_key, bank.amount = None, "other", "other", Decimal(384)
    bank.original_amount, bank.original_currency = Decimal(500), "USD"
    bank.save(force_insert=True)
    for line in (near, bank):
        MatchTask.objects.create(line=line, entity=castle.entity)
    desk = signed_in(clerk)

    page = desk.get(f"/cash/{near.pk}/").content.decode()
    told = desk.get(f"/cash/{bank.pk}/").content.decode()

    assert "In another currency" in page and "Paid at 0.79; the day’s rate is 0.78".replace("’", "&#x27;") in page
    assert f'name="tick_{dollars.pk}" id="tick_{dollars.pk}"' in page and "checked" in page
    assert "The bank changed 500.00 USD before it booked the line" in told and 'value="0.768"' in told
    sent = {
        "customer": "C-10001",
        f"tick_{dollars.pk}": "on",
        f"apply_{dollars.pk}": "500.00",
        f"rate_{dollars.pk}": "",
    }
    assert desk.post(f"/cash/{bank.pk}/", {**sent, f"rate_{dollars.pk}": "x"}).status_code == 422
    desk.post(f"/cash/{bank.pk}/", sent)
    kept = ReceiptExchange.objects.get()
    assert (kept.rate_kind, kept.settled, kept.used) == (KINDS.BANK, 500, 384)
    shown = desk.get(f"/receipts/{kept.receipt_id}/").content.decode()
    assert "500.00" in shown and "1 USD = 0.768 GBP" in shown

    by_hand = post_receipt(by=clerk, customer=castle, incoming=Incoming(money("390.00 GBP"), may(12), key="cash-1"))
    form = {"exchange-document": "INV-US-1001", "exchange-on": "2026-05-13"}
    assert desk.post(f"/receipts/{by_hand.pk}/exchange/", {**form, "exchange-document": "INV-9"}).status_code == 422
    assert desk.post(f"/receipts/{by_hand.pk}/exchange/", form).status_code == 302
    assert open_amounts([dollars, by_hand.item]) == ["0.00", "0.00"]
    assert Receipt.objects.count() == 2


@pytest.mark.parametrize(
    ("available", "settled", "rate", "used", "rounding"),
    [
        ("100.00 GBP", "100.00 USD", "0.80", "80.00", "0"),
        ("80.02 GBP", "100.00 USD", "0.80", "80.02", "-0.02"),
        ("79.98 GBP", "100.00 USD", "0.80", "79.98", "0.02"),
        ("521 JPY", "100.00 USD", "5.2", "521", "-1"),
    ],
)
def test_what_is_rounding_and_what_is_left(available: str, settled: str, rate: str, used: str, rounding: str) -> None:
    found = exchanged(money(available), money(settled), Rate(Decimal(rate), KINDS.DAY))
    assert (found.used.amount, found.rounding) == (Decimal(used), Decimal(rounding))
