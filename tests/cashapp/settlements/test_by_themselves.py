"""What posts by itself out of a settlement file; what a provider exchanges, holds back or draws from our account."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cashapp.actions.ending import reverse_receipt
from cashapp.actions.matching import match_statement
from cashapp.actions.payments import add_provider, uncredit_payout
from cashapp.actions.settlements import take_in_settlement
from cashapp.actions.statements import import_statement
from cashapp.models import ElectronicPayment, MatchDecision, PaymentProvider, Payout, Receipt, SettlementLine
from cashapp.queries.precision import PrecisionQuestion, precision_by_rule
from core.errors import NotAllowed
from core.models import BankAccount, ExchangeRate, LegalEntity, User
from customers.models import Customer
from ledger.models import JournalLine
from tests.cashapp.receipts.conftest import open_amounts
from tests.cashapp.settlements.conftest import differences, stripe_file, work_on

Make = Callable[..., Any]
Day = Callable[[int], date]
ADYEN = (
    "Merchant Account,Psp Reference,Merchant Reference,Type,Booking Date,Creation Date,Gross Currency,"
    "Gross Debit (GC),Gross Credit (GC),Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),"
    "Modification Reference,Batch Number,Payment Method\n"
)


def adyen_file(*rows: str) -> bytes:
    """Each row is "type psp invoice gross-currency gross net commission batch"; what leaves is negative."""
    return (ADYEN + "".join(_row(*row.split()) for row in rows)).encode()


def _row(kind: str, psp: str, number: str, currency: str, gross: str, net: str, fee: str, batch: str) -> str:
    told, day = number.replace("-none", ""), "2026-05-12"
    return (
        f"BRIGHT,{psp},{told},{kind},{day},{day},{currency},{_out(gross)},{_in(gross)},GBP,{_out(net)},{_in(net)},"
        f"{fee},m-{psp}-{kind},{batch},visa\n"
    )


def _in(amount: str) -> str:
    return "" if amount.startswith("-") else amount


def _out(amount: str) -> str:
    return amount.removeprefix("-") if amount.startswith("-") else ""


@pytest.fixture
def adyen(books: LegalEntity, finance_manager: User) -> PaymentProvider:
    BankAccount.objects.create(
        entity=books, name="Adyen balance", currency="GBP", bank_name="Adyen", account_number="BRIGHT"
    )
    ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=date(2026, 5, 1), rate=Decimal("0.86"))
    return add_provider(by=finance_manager, entity=books, code="adyen", name="Adyen")


def balances(entity: LegalEntity) -> dict[str, str]:
    """What stands on each account in the currency of the books."""
    found: dict[str, Decimal] = {}
    for line in JournalLine.objects.filter(entry__entity=entity).select_related("account"):
        role = line.account.role
        found[role] = found.get(role, Decimal(0)) + line.base_debit - line.base_credit
    return {role: f"{amount:.2f}" for role, amount in found.items() if amount}


def test_only_what_is_beyond_doubt_posts_by_itself_and_what_a_person_took_back_never_again(
    clerk: User, system: User, castle: Customer, halden: Customer, stripe: PaymentProvider, at_stripe: BankAccount,
    invoice: Make, paid: Make, bring: Make, may: Day,
) -> None:  # fmt: skip
    named = [invoice(castle, f"INV-100{place}", "120.00", may(1)) for place in range(1, 4)]
    other = invoice(halden, "INV-2002", "80.00", may(1))
    said = paid("120.00", "INV-1002", reference="pi_2", customer=halden)
    rows = [
        "po_1 txn_1 11 120.00 2.50 charge pi_1 Sale INV-1001",
        "po_1 txn_2 11 120.00 2.50 charge pi_2 Sale INV-1002",
        "po_1 txn_3 11 119.00 2.50 charge pi_3 Sale INV-1003",
        "po_1 txn_4 11 80.00 1.50 charge pi_4 Sale",
    ]

    statement = bring(stripe_file(*rows))

    assert open_amounts([*named, other]) == ["0.00", "120.00", "120.00", "80.00"]
    receipt = Receipt.objects.get()
    decision = MatchDecision.objects.get(receipt=receipt)
    assert (decision.rule, decision.as_proposed, decision.decided_by) == ("structured_reference", True, system)
    assert differences(statement) == [] and said.facts.filter(kind="posted").count() == 0

    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(14), reason="Another customer's card")
    work_on(take_in_settlement(by=system, statement=statement))
    bring(stripe_file(*rows, "po_2 txn_9 12 5.00 0.50 charge pi_9 Sale"))
    assert Receipt.objects.filter(ended_on=None).count() == 0
    (row,) = precision_by_rule(PrecisionQuestion(stripe.entity, may(1), may(31)))
    assert (row.bank_account, row.itself, row.undone) == (at_stripe, 1, 1)


def test_an_exchange_a_reserve_and_a_payout_leave_clearing_and_bank_in_agreement(
    clerk: User, castle: Customer, adyen: PaymentProvider, invoice: Make, bring: Make, bank_line: Make, may: Day
) -> None:
    castle.currency = "EUR"
    item = invoice(castle, "INV-1001", "100.00", may(2))
    line = bank_line("74.00", "ADYEN BRIGHT BATCH 5", on=may(14))

    statement = bring(
        adyen_file(
            "Settled P1 INV-1001 EUR 100.00 84.00 1.50 5",
            "ReserveAdjustment R1 -none GBP -10.00 -10.00 0 5",
            "MerchantPayout X1 -none GBP -74.00 -74.00 0 5",
        )
    )

    assert differences(statement) == [] and open_amounts([item]) == ["0.00"]
    payout = Payout.objects.get()
    assert (payout.gross, payout.fee, payout.net) == (Decimal("75.50"), Decimal("1.50"), Decimal(74))
    match = match_statement(by=clerk, statement=line.statement)
    work_on(match)
    payout.refresh_from_db()
    assert payout.credits.get().line == line
    found = balances(adyen.entity)
    assert (found["bank"], found["bank_charges"], found["card_clearing"]) == ("74.00", "1.50", "10.00"), "the reserve"
    assert "exchange_clearing" not in found and "receivables" not in found
    assert found["exchange_differences"] == "0.50", "86.00 at the rate of the day became 85.50"
    held = SettlementLine.objects.get(kind="reserve")
    assert held.kept_as == f"Held back by Adyen, on {adyen.clearing.code}"


def test_a_negative_payout_is_drawn_from_the_bank_and_can_be_taken_off_again(
    clerk: User, auditor: User, system: User, castle: Customer, adyen: PaymentProvider, invoice: Make, bring: Make,
    bank_line: Make, may: Day,
) -> None:  # fmt: skip
    castle.currency = "EUR"
    item = invoice(castle, "INV-1001", "100.00", may(2))
    bring(adyen_file("Settled P1 INV-1001 EUR 100.00 84.00 1.50 5", "MerchantPayout X1 -none GBP -84.00 -84.00 0 5"))
    drawn = bank_line("-86.00", "ADYEN BRIGHT BATCH 6", on=may(14))

    statement = bring(
        adyen_file("Refunded P1 INV-1001 EUR -100.00 -86.00 0 6", "MerchantPayout X2 -none GBP 86.00 86.00 0 6")
    )

    assert differences(statement) == [] and open_amounts([item]) == ["100.00"]
    payout = Payout.objects.get(net__lt=0)
    credit = payout.credits.get()
    assert (payout.gross, credit.line) == (Decimal(-86), drawn)
    found = balances(adyen.entity)
    assert (found["bank"], found["exchange_differences"]) == ("-86.00", "0.50")
    assert found["card_clearing"] == "85.50", "the first payout has not reached the bank"
    with pytest.raises(NotAllowed):
        uncredit_payout(by=auditor, payout=payout, on=may(15), reason="Wrong line")
    uncredit_payout(by=clerk, payout=payout, on=may(15), reason="Wrong line")
    assert "bank" not in balances(adyen.entity)
    work_on(match_statement(by=system, statement=drawn.statement))
    assert payout.credits.filter(ended_on=None).get().line == drawn


def test_both_halves_of_a_conversion_meet_once(
    system: User, books: LegalEntity, finance_manager: User, bring: Make, may: Day
) -> None:
    add_provider(by=finance_manager, entity=books, code="paypal", name="PayPal")
    ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=may(1), rate=Decimal("0.86"))
    for currency in ("EUR", "GBP"):
        BankAccount.objects.create(entity=books, name=f"PayPal {currency}", currency=currency, bank_name="PayPal")
    titles = (
        "Date,Time,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Reference Txn ID,Invoice Number,Name,Balance\n"
    )
    rows = "13/05/2026,10:00,Website Payment,Completed,EUR,100.00,0.00,100.00,T1,,,Acme,100.00\n"
    rows += "13/05/2026,10:01,General Currency Conversion,Completed,EUR,-100.00,0.00,-100.00,T2,T1,,,0.00\n"
    rows += "13/05/2026,10:01,General Currency Conversion,Completed,GBP,85.00,0.00,85.00,T3,T1,,,85.00\n"
    rows += "14/05/2026,10:00,Bank Deposit to PP Account,Completed,GBP,20.00,0.00,20.00,T4,,,,105.00\n"

    content = (titles + rows).encode()

    for imported in import_statement(by=system, entity=books, name="paypal.csv", content=content):
        work_on(match_statement(by=system, statement=imported.statement))
        assert differences(imported.statement) == []

    assert ElectronicPayment.objects.get().currency == "EUR"
    assert SettlementLine.objects.filter(kind="conversion", exchange__isnull=False).count() == 2
    found = balances(books)
    assert found == {"card_clearing": "-1.00", "exchange_differences": "1.00"}, "until the payment itself is posted"
    assert Payout.objects.get().net == -20
