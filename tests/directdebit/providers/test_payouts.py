"""A payout of GoCardless is held against the collections in it and tied to the bank line that brings it."""

# ruff: noqa: F401, F811 - fixtures of neighbours

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.payments import add_provider
from cashapp.actions.settlements import settle_lines
from cashapp.actions.statements import import_statement
from cashapp.errors import AlreadyPosted
from cashapp.matching import OpenIndex
from cashapp.models import BankStatementLine, ElectronicPayment, MatchTask, SettlementLine
from cashapp.taskbook import open_tasks
from core import clock
from core.errors import NotAllowed
from core.models import BankAccount, LegalEntity, User
from core.money import Money
from customers.models import Customer
from directdebit.actions.paying import presume_paid
from directdebit.actions.payouts import settle_payout
from directdebit.actions.providers import record_hints
from directdebit.errors import PayoutRefused
from directdebit.models import Collection, Creditor, PayoutArrival, ProviderHint, ProviderPayout
from directdebit.paid_out import Part, differences, sums_of
from directdebit.provider_runs import handle_hints, poll
from directdebit.queries.payouts import proof_of
from directdebit.settling import settle_certain_payouts
from tests.cashapp.conftest import bank_account
from tests.cashapp.receipts.conftest import bank_line, castle, halden, invoice
from tests.directdebit.conftest import balance_of
from tests.directdebit.providers.cardless import Cardless
from tests.directdebit.providers.through import ask_now, md, sent, through_gocardless
from tests.directdebit.returns.conftest import books, creditor, draw, mandate

Make = Callable[..., Any]
SignIn = Callable[[User], Client]


@pytest.fixture
def paid_out(
    through_gocardless: Creditor, cardless: Cardless, sent: Make, system: User, uk: LegalEntity
) -> Callable[..., ProviderPayout]:
    """Castle's 120.00 is collected and paid out less 1.20: paid_out(net=11880); more items may be named."""

    def pay(net: int = 11880, *more: tuple[str, str, str]) -> ProviderPayout:
        collection = sent(through_gocardless, md(cardless))
        ask_now(system, through_gocardless)
        presume_paid(by=system, entity=uk, as_of=collection.collect_on)
        collection.refresh_from_db()
        cardless.kept["payouts"]["PO1"] = {
            "id": "PO1", "amount": net, "deducted_fees": 120, "currency": "GBP", "reference": "GC-PO1",
            "arrival_date": collection.collect_on.isoformat(), "links": {},
        }  # fmt: skip
        items = [("payment_paid_out", "12000.0", collection.provider_identifier)]
        items += [("gocardless_fee", "-120.4", collection.provider_identifier), ("gocardless_fee", "0.4", ""), *more]
        cardless.payout_items["PO1"] = [
            {"type": kind, "amount": amount, "links": {"payment": payment}} for kind, amount, payment in items
        ]
        hint = ProviderHint(creditor=through_gocardless, key="EV8", about="payout", resource="PO1", action="paid")
        record_hints(by=system, creditor=through_gocardless, hints=[hint])
        handle_hints(system, through_gocardless)
        return ProviderPayout.objects.get()

    return pay


@pytest.fixture
def arrived(bank_line: Make, uk: LegalEntity) -> Callable[..., BankStatementLine]:
    """The bank tells of money today, and nobody matched it yet."""

    def come(amount: str, text: str) -> BankStatementLine:
        line: BankStatementLine = bank_line(amount, text, on=clock.today(uk))
        open_tasks([line])
        return line

    return come


def test_collections_less_fees_are_the_bank_line_and_clearing_is_empty(
    paid_out: Make, arrived: Make, system: User, books: LegalEntity
) -> None:
    payout = paid_out()
    assert balance_of(books, "direct_debit_clearing") == Decimal("118.80")
    assert settle_certain_payouts(system, books) == 0
    line = arrived("118.80", "GOCARDLESS GC-PO1")

    assert [settle_certain_payouts(system, books) for _ in range(2)] == [1, 0]

    proof = proof_of(payout)
    assert (proof.differences, proof.sums.collected, proof.sums.net) == ([], 120, Decimal("118.80"))
    assert PayoutArrival.objects.get().line == line
    assert MatchTask.objects.get(line=line).state == MatchTask.State.MATCHED
    assert [balance_of(books, role) for role in ("direct_debit_clearing", "bank", "bank_charges")] == [
        0, Decimal("118.80"), Decimal("1.20"),
    ]  # fmt: skip


def test_a_payout_of_which_no_webhook_told_is_found_and_kept_once(
    through_gocardless: Creditor, cardless: Cardless, system: User
) -> None:
    cardless.kept["payouts"]["PO7"] = {
        "id": "PO7", "amount": 5000, "deducted_fees": 0, "currency": "GBP", "reference": "GC-PO7",
        "arrival_date": "2026-05-18", "links": {},
    }  # fmt: skip
    cardless.payout_items["PO7"] = []
    assert [poll(system, through_gocardless) for _ in range(2)] == [1, 0]
    assert ProviderPayout.objects.get().reference == "GC-PO7"
    cardless.faults = ["down"] * 9
    assert poll(system, through_gocardless) == 0


def test_a_payout_is_tied_once_to_a_line_of_its_amount_by_who_may(
    paid_out: Make, arrived: Make, clerk: User, collector: User, castle: Customer, books: LegalEntity
) -> None:
    payout, line = paid_out(), arrived("118.80", "FASTER PAYMENT")
    with pytest.raises(NotAllowed):
        settle_payout(by=collector, payout=payout, line=line)
    with pytest.raises(PayoutRefused, match="pays 118.80 GBP, but the bank line holds 118.00 GBP"):
        settle_payout(by=clerk, payout=payout, line=arrived("118.00", "GOCARDLESS"))

    first = settle_payout(by=clerk, payout=payout, line=line)

    assert settle_payout(by=clerk, payout=payout, line=line) == first
    with pytest.raises(PayoutRefused, match="arrived with"):
        settle_payout(by=clerk, payout=payout, line=arrived("118.80", "GOCARDLESS"))
    with pytest.raises(AlreadyPosted):
        match_line(by=clerk, line=line, verdict=Verdict(castle))


def test_what_differs_is_named_and_the_money_is_tied_all_the_same(
    paid_out: Make, arrived: Make, system: User, clerk: User, signed_in: SignIn, books: LegalEntity
) -> None:
    payout = paid_out(14880, ("payment_paid_out", "3000.0", "PM9"))
    line = arrived("148.80", "FASTER PAYMENT 0091")
    desk, address = signed_in(clerk), f"/debit-payouts/{payout.pk}/"
    assert "PM9: 30.00 GBP is about no collection of ours." in desk.get(address).content.decode()

    page = desk.post(f"{address}settle/", {"line": line.pk}, follow=True).content.decode()

    assert "Arrived with" in page and "On our bank account" in page
    listed = desk.get(f"/creditors/{payout.creditor_id}/payouts/").content.decode()
    assert "GC-PO1" in listed and "Differences" in listed
    assert desk.get(f"/creditors/{payout.creditor_id}/payouts/?format=xlsx").status_code == 200
    assert balance_of(books, "direct_debit_clearing") == -30


def test_a_settlement_file_of_the_same_payout_books_nothing_again(
    paid_out: Make, system: User, finance_manager: User, books: LegalEntity
) -> None:
    paid_out()
    collection = Collection.objects.get()
    add_provider(by=finance_manager, entity=books, code="gocardless", name="GoCardless")
    account = BankAccount.objects.create(entity=books, name="GC", currency="GBP", bank_name="GoCardless")
    rows = "payout_id,arrival_date,currency,type,amount,links.payment\n"
    rows += f"PO1,{clock.today(books)},GBP,payment_paid_out,12000.0,{collection.provider_identifier}\n"
    rows += f"PO1,{clock.today(books)},GBP,gocardless_fee,-120.0,{collection.provider_identifier}\n"
    (told,) = import_statement(by=system, entity=books, name="gc.csv", content=rows.encode())
    before = balance_of(books, "direct_debit_clearing")

    settle_lines(
        by=system, account=account, lines=list(told.statement.lines.all()), on=clock.today(books), index=OpenIndex()
    )

    kept = list(SettlementLine.objects.order_by("pk").values_list("kept_as", "difference"))
    assert kept == [(collection.reference, ""), ("Payout PO1 of direct debits", "")]
    assert not ElectronicPayment.objects.exists()
    assert balance_of(books, "direct_debit_clearing") == before


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], ["The provider told nothing of what is in it."]),
        ([Part("payment_paid_out", "PM1", Decimal(100), "DD-1", Decimal(100))], []),
        (
            [Part("payment_paid_out", "PM1", Decimal(100), "DD-1", Decimal(90))],
            ["DD-1 drew 90.00 GBP, but 100.00 GBP is counted for it."],
        ),
        (
            [Part("payment_paid_out", "PM1", Decimal(150), "DD-1", Decimal(150)),
             Part("payment_failed", "PM2", Decimal(-40), "DD-2", Decimal(40))],
            ["Its parts come to 110.00 GBP, but it pays 100.00 GBP."],
        ),
    ],
)  # fmt: skip
def test_every_difference_has_a_sentence(parts: list[Part], said: list[str]) -> None:
    assert list(differences(Money(Decimal(100), "GBP"), parts)) == said


def test_sums_are_apart() -> None:
    told = [Part("payment_paid_out", "", Decimal(150)), Part("payment_failed", "", Decimal(-40))]
    sums = sums_of([*told, Part("gocardless_fee", "", Decimal("-1.5"))])
    assert (sums.collected, sums.taken_back, sums.fees, sums.net) == (150, 40, Decimal("1.5"), Decimal("108.5"))
