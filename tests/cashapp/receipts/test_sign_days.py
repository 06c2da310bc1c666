"""Nora prepares the bank's day, Finn signs it, and from then on nothing more is posted into it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cashapp.actions.ending import reverse_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.actions.reconciling import (
    name_variance,
    prepare_reconciliation,
    reopen_reconciliation,
    sign_reconciliation,
    tie_posting,
    untie_posting,
    withdraw_reconciliation,
)
from cashapp.actions.statements import import_statement
from cashapp.actions.unidentified import post_unidentified
from cashapp.errors import ReconciliationRefused
from cashapp.models import BankReconciliation, BankStatementLine, Receipt
from cashapp.money_in import Incoming
from cashapp.queries.bank_days import DayState, missing_statements, month_of_accounts
from cashapp.queries.proving import DayProof, day_proof
from core.errors import NotAllowed
from core.models import AuditEvent, BankAccount, LegalEntity, User
from core.money import money
from customers.models import Customer
from ledger.actions import lock_days
from ledger.models import Account, JournalEntry
from ledger.posting import DaySigned, EntryDraft, LineDraft, post
from ledger.proofs import prove_ledger

May = Callable[[int], date]


@pytest.fixture
def statement(
    books: LegalEntity, bank_account: BankAccount, system: User, statement_text: Callable[..., bytes]
) -> Callable[..., list[BankStatementLine]]:
    """The bank's day: statement(12, "1000.00", [("C120,00", "INV-1")]) gives its lines."""

    def bring(day: int, opening: str, lines: list[tuple[str, str]], **more: Any) -> list[BankStatementLine]:
        content = statement_text(day, opening, lines, **more)
        (imported,) = import_statement(by=system, entity=books, name=f"{day}.sta", content=content)
        return list(imported.statement.lines.order_by("pk"))

    return bring


@pytest.fixture
def proof(bank_account: BankAccount, may: May) -> Callable[[int], DayProof]:
    """The proof of a day of May, which always leaves nothing unexplained."""

    def prove(day: int) -> DayProof:
        found = day_proof(bank_account, may(day))
        assert found is not None
        assert found.difference == found.standing + found.carried.total + found.statement.missing
        return found

    return prove


@pytest.fixture
def named(clerk: User, bank_account: BankAccount, may: May) -> Callable[..., None]:
    """Nora names every difference of a day as her own."""

    def name(day: int, owner: User | None = None) -> None:
        found = day_proof(bank_account, may(day))
        assert found is not None
        for each in found.items:
            line, entry = each.item.subject
            name_variance(
                by=clerk,
                bank_account=bank_account,
                line=BankStatementLine.objects.get(pk=line) if line else None,
                entry=JournalEntry.objects.get(pk=entry) if entry else None,
                owner=owner or clerk,
                reason="Payer is asked",
                due_on=may(20),
            )

    return name


@pytest.fixture
def signed(
    clerk: User, finance_manager: User, bank_account: BankAccount, may: May
) -> Callable[[int], BankReconciliation]:
    """A day that Nora prepared and Finn signed."""

    def sign(day: int) -> BankReconciliation:
        prepared = prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(day))
        return sign_reconciliation(by=finance_manager, reconciliation=prepared)

    return sign


def posted(clerk: User, line: BankStatementLine, customer: Customer) -> Receipt:
    return post_receipt(by=clerk, customer=customer, incoming=Incoming.of_line(line))


# The proof -----------------------------------------------------------------------------------------------------------


def test_a_day_is_opening_receipts_and_other(
    statement: Any, clerk: User, castle: Customer, proof: Any, books: LegalEntity
) -> None:
    known, unknown, _out = statement(12, "1000.00", [("C120,00", "INV-1"), ("C30,00", "who"), ("D50,00", "rent")])
    posted(clerk, known, castle)
    post_unidentified(by=clerk, entity=books, incoming=Incoming.of_line(unknown))

    found = proof(12)

    assert (found.statement.opening, found.statement.closing) == (Decimal(1000), Decimal(1100))
    assert (found.ledger.opening, found.ledger.receipts, found.ledger.other) == (0, 150, 0)
    assert found.items == (), "the rent is other books' and waits for nothing"
    assert (found.brought, found.carried.outside) == (1000, -50)


def test_what_waits_is_carried_forward_until_it_is_posted(
    statement: Any, clerk: User, castle: Customer, proof: Any, named: Any, signed: Any, may: May
) -> None:
    (line,) = statement(12, "1000.00", [("C120,00", "INV-1")])
    named(12)
    signed(12)
    statement(13, "1120.00", [("C10,00", "INV-2")], opened=12)

    (kept,) = [each.item for each in proof(13).items if each.item.subject == (line.pk, None)]
    assert (kept.amount, kept.arose_on) == (120, may(12))

    receipt = posted(clerk, line, castle)

    assert receipt.item.posted_on == may(13), "the twelfth is signed, so it counts from the next day on"
    assert [each.item.subject for each in proof(13).items] != [(line.pk, None)]
    assert proof(13).carried.total == 10


def test_an_entry_that_the_bank_lacks_meets_its_line_by_a_tie(
    statement: Any, clerk: User, castle: Customer, proof: Any, may: May, bank_account: BankAccount
) -> None:
    by_hand = Incoming(money=money("40.00 GBP"), received_on=may(12), key="cheque-7", bank_account=bank_account)
    receipt = post_receipt(by=clerk, customer=castle, incoming=by_hand)
    (line,) = statement(12, "1000.00", [("C40,00", "CHEQUE 7")])
    entry = receipt.item.line.entry
    assert sorted(each.item.amount for each in proof(12).items) == [-40, 40]

    tie = tie_posting(by=clerk, line=line, entry=entry)
    assert tie_posting(by=clerk, line=line, entry=entry) == tie
    assert proof(12).items == ()

    untie_posting(by=clerk, tie=tie)
    untie_posting(by=clerk, tie=tie)
    assert len(proof(12).items) == 2


def test_a_tie_needs_the_same_amount_on_the_same_account(
    statement: Any, clerk: User, castle: Customer, collector: User
) -> None:
    first, second = statement(12, "1000.00", [("C40,00", "A"), ("C41,00", "B")])
    entry = posted(clerk, first, castle).item.line.entry

    with pytest.raises(ReconciliationRefused, match="doesn't move 41.00 GBP"):
        tie_posting(by=clerk, line=second, entry=entry)
    with pytest.raises(NotAllowed):
        tie_posting(by=collector, line=first, entry=entry)


# Preparing -----------------------------------------------------------------------------------------------------------


def test_a_day_without_a_closing_statement_is_not_prepared(
    books: LegalEntity, bank_account: BankAccount, clerk: User, may: May
) -> None:
    with pytest.raises(ReconciliationRefused, match="No statement of Barclays current closes on Tuesday 12 May 2026"):
        prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(12))


def test_a_difference_without_a_name_stops_the_day(
    statement: Any, clerk: User, bank_account: BankAccount, may: May, named: Any
) -> None:
    statement(12, "1000.00", [("C120,00", "INV-1")])
    with pytest.raises(ReconciliationRefused, match="1 difference has no owner"):
        prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(12))

    named(12)
    prepared = prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(12))
    assert [(item.amount, item.owner, item.reason) for item in prepared.items.all()] == [(120, clerk, "Payer is asked")]


def test_a_missing_statement_stops_the_day(
    statement: Any, signed: Any, clerk: User, bank_account: BankAccount, may: May
) -> None:
    statement(12, "1000.00", [])
    signed(12)
    statement(14, "1500.00", [], opened=13)

    with pytest.raises(ReconciliationRefused, match=r"leave out 500.00 GBP between 13 May and 14 May 2026"):
        prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(14))


def test_days_are_signed_in_their_order(
    statement: Any, signed: Any, clerk: User, bank_account: BankAccount, may: May
) -> None:
    statement(12, "1000.00", [])
    signed(12)
    statement(13, "1000.00", [], opened=12)
    statement(14, "1000.00", [], opened=13)

    with pytest.raises(ReconciliationRefused, match="Wednesday 13 May 2026 isn't signed yet"):
        prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(14))


def test_preparing_again_replaces_what_nobody_signed(
    statement: Any, clerk: User, bank_account: BankAccount, may: May
) -> None:
    statement(12, "1000.00", [])
    first = prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(12))
    second = prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(12), note="With the late file")

    first.refresh_from_db()
    assert (first.end_reason, second.ended_at) == ("Prepared again", None)
    withdraw_reconciliation(by=clerk, reconciliation=second)
    withdraw_reconciliation(by=clerk, reconciliation=second)
    assert not BankReconciliation.objects.filter(ended_at=None).exists()


def test_a_name_needs_a_reason_and_somebody_who_works_here(
    statement: Any, clerk: User, stranger: User, bank_account: BankAccount, may: May, collector: User
) -> None:
    (line,) = statement(12, "1000.00", [("C120,00", "INV-1")])
    facts: dict[str, Any] = {"bank_account": bank_account, "line": line, "entry": None, "due_on": may(20)}

    with pytest.raises(ReconciliationRefused, match="Write the reason"):
        name_variance(by=clerk, owner=clerk, reason=" ", **facts)
    with pytest.raises(ReconciliationRefused, match="Stella doesn't work in Brightwater"):
        name_variance(by=clerk, owner=stranger, reason="Hers", **facts)
    with pytest.raises(ReconciliationRefused, match="one bank line, or about one entry"):
        name_variance(by=clerk, owner=clerk, reason="?", **{**facts, "line": None})
    with pytest.raises(NotAllowed):
        name_variance(by=collector, owner=clerk, reason="Mine", **facts)


# Signing -------------------------------------------------------------------------------------------------------------


def test_whoever_prepared_a_day_does_not_sign_it(
    statement: Any, system: User, clerk: User, bank_account: BankAccount, may: May
) -> None:
    statement(12, "1000.00", [])
    by_system = prepare_reconciliation(by=system, bank_account=bank_account, day=may(12))
    with pytest.raises(ReconciliationRefused, match="somebody else signs it"):
        sign_reconciliation(by=system, reconciliation=by_system)
    with pytest.raises(NotAllowed):
        sign_reconciliation(by=clerk, reconciliation=by_system)
    account = Account.objects.get(bank_account=bank_account)
    lock = lock_days(by=system, account=account, first_on=may(12), last_on=may(12))
    with pytest.raises(IntegrityError, match="whoever_prepared_a_day_does_not_sign_it"), transaction.atomic():
        rows = BankReconciliation.objects.filter(pk=by_system.pk)
        rows.update(signed_by=system, signed_at=lock.locked_at, day_lock=lock)


def test_signing_twice_signs_once(statement: Any, signed: Any, finance_manager: User) -> None:
    statement(12, "1000.00", [])
    once = signed(12)

    again = sign_reconciliation(by=finance_manager, reconciliation=once)

    assert again.signed_at == once.signed_at
    assert AuditEvent.objects.filter(event="reconciliation.signed").count() == 1


def test_what_changed_since_it_was_prepared_is_not_signed(
    statement: Any,
    clerk: User,
    finance_manager: User,
    castle: Customer,
    bank_account: BankAccount,
    may: May,
    named: Any,
) -> None:
    (line,) = statement(12, "1000.00", [("C120,00", "INV-1")])
    named(12)
    prepared = prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(12))
    posted(clerk, line, castle)

    with pytest.raises(ReconciliationRefused, match="Have it prepared again"):
        sign_reconciliation(by=finance_manager, reconciliation=prepared)


def test_nothing_more_is_posted_into_a_signed_day(
    statement: Any, signed: Any, clerk: User, castle: Customer, may: May, bank_account: BankAccount, system: User
) -> None:
    (line,) = statement(12, "1000.00", [("C120,00", "INV-1")])
    receipt = posted(clerk, line, castle)
    signed(12)

    with pytest.raises(DaySigned, match=r"1200 Bank: Barclays current is signed for 12 May 2026"), transaction.atomic():
        reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(12), reason="Wrong customer")
    entry = EntryDraft(
        castle.entity,
        JournalEntry.Kind.TRANSFER,
        may(12),
        "GBP",
        (
            LineDraft(Account.Role.BANK, credit=Decimal(1)),
            LineDraft(Account.Role.BANK_CHARGES, debit=Decimal(1)),
        ),
        key=None,
    )
    with pytest.raises(DaySigned), transaction.atomic():
        post(by=system, entries=[entry])

    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(13), reason="Wrong customer")
    assert prove_ledger().problems == []


def test_a_signed_day_keeps_its_figures(statement: Any, signed: Any) -> None:
    statement(12, "1000.00", [])
    row = signed(12)

    with pytest.raises(IntegrityError, match="keep what they were made with"), transaction.atomic():
        BankReconciliation.objects.filter(pk=row.pk).update(ledger_closing=5)


# Opening again -------------------------------------------------------------------------------------------------------


def test_opening_a_day_opens_the_later_ones_too(
    statement: Any, signed: Any, clerk: User, finance_manager: User, castle: Customer, may: May, named: Any
) -> None:
    (line,) = statement(12, "1000.00", [("C120,00", "INV-1")])
    named(12)
    first = signed(12)
    statement(13, "1120.00", [], opened=12)
    signed(13)

    with pytest.raises(NotAllowed):
        reopen_reconciliation(by=clerk, reconciliation=first, reason="Wrong")
    with pytest.raises(ReconciliationRefused, match="Say why"):
        reopen_reconciliation(by=finance_manager, reconciliation=first, reason=" ")

    opened = reopen_reconciliation(by=finance_manager, reconciliation=first, reason="The cheque was ours")

    assert [row.day for row in opened] == [may(13), may(12)]
    assert reopen_reconciliation(by=finance_manager, reconciliation=first, reason="Again") == []
    assert posted(clerk, line, castle).item.posted_on == may(12)
    events = AuditEvent.objects.filter(event="reconciliation.reopened").values_list("reason", flat=True)
    assert list(events) == ["The cheque was ours"] * 2


def test_a_day_that_is_only_prepared_is_withdrawn_instead(
    statement: Any, clerk: User, finance_manager: User, bank_account: BankAccount, may: May
) -> None:
    statement(12, "1000.00", [])
    prepared = prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(12))

    with pytest.raises(ReconciliationRefused, match="withdraw it instead"):
        reopen_reconciliation(by=finance_manager, reconciliation=prepared, reason="Why not")


# The month -----------------------------------------------------------------------------------------------------------


def test_the_month_shows_how_far_each_day_is(
    statement: Any, signed: Any, clerk: User, bank_account: BankAccount, books: LegalEntity, may: May
) -> None:
    statement(12, "1000.00", [])
    signed(12)
    statement(13, "1000.00", [], opened=12)
    prepare_reconciliation(by=clerk, bank_account=bank_account, day=may(13))
    statement(14, "1000.00", [], opened=13)

    (month,) = month_of_accounts(books, may(1), as_of=may(19))

    states = {day.day.day: day.state for week in month.weeks for day in week if day}
    assert states[11] == DayState.BEFORE
    assert (states[12], states[13], states[14]) == (DayState.SIGNED, DayState.PREPARED, DayState.TO_DO)
    assert (states[15], states[16], states[18]) == (DayState.MISSING, DayState.NO_BANK_DAY, DayState.MISSING)
    assert states[19] == DayState.AHEAD
    assert [one.day for one in missing_statements(books, may(19))] == [may(15), may(18)]
