"""What a person decides at the cash desk, all of it or nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cashapp.actions.deductions import Difference
from cashapp.actions.desk import Verdict, match_line, undo_line
from cashapp.actions.matching import ask_about_line, match_lines
from cashapp.actions.payers import forget_payer, remember_payer
from cashapp.actions.unidentified import post_unidentified
from cashapp.errors import NothingToUndo, StaleProposal, StillInDoubt
from cashapp.models import DeductionReason, MatchDecision, MatchTask, PayerAlias, Receipt
from cashapp.money_in import Incoming
from cashapp.queries.matching import lines_to_match, load_index
from controls.actions.limits import AboveAuthority
from core.errors import NotAllowed, Refused
from core.models import User
from core.money import money
from customers.models import Customer
from ledger.actions import close_period
from ledger.models import AccountingPeriod
from tests.cashapp.receipts.conftest import open_amounts, pays, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]


def answer(by: User, customer: Customer, on: date) -> list[str]:
    """Let the matcher answer for every line that waits."""
    entity = customer.entity
    answered = match_lines(by=by, entity=entity, lines=list(lines_to_match(entity)), index=load_index(entity, on))
    return [f"{each.decision} {each.proposal.rule}" for each in answered]


def test_following_a_proposal_is_written_down_as_such(
    clerk: User, system: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("118.00", "PAYMENT", on=may(12), payer="Castle Fibre Ltd")
    assert answer(system, castle, may(12)) == ["proposed payer_and_near_amount"]

    receipt = match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "118.00"}), seen=0))

    decision = MatchDecision.objects.get(line=line)
    assert (decision.as_proposed, decision.rule, decision.receipt) == (True, "payer_and_near_amount", receipt)
    assert decision.evidence[0]["words"] == "Name of the customer"


def test_a_short_payment_is_settled_in_the_same_breath_or_not_at_all(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("110.00", on=may(12))
    too_much = Difference(item, money("10.00 GBP"), DeductionReason.SMALL_DIFFERENCE)
    with pytest.raises(AboveAuthority):
        match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "110.00"}), [too_much]))
    assert not Receipt.objects.exists()

    claim = Difference(item, money("10.00 GBP"), DeductionReason.QUANTITY, "Two boxes missing")
    receipt = match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "110.00"}), [claim]))
    assert [str(each) for each in receipt.deductions.all()] == ["Quantity contested, 10.00 GBP"]
    assert open_amounts([item]) == ["10.00"]


def test_unidentified_money_is_identified_and_money_on_account_is_applied(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("120.00", on=may(12))
    post_unidentified(by=clerk, entity=castle.entity, incoming=Incoming.of_line(line))
    on_account = match_line(by=clerk, line=line, verdict=Verdict(castle, on=may(14)))
    assert on_account.identified_from is not None
    assert MatchTask.objects.get().state == MatchTask.State.CHECK
    applied = match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "120.00"}), on=may(15)))
    assert applied == on_account
    assert MatchTask.objects.get().state == MatchTask.State.MATCHED


def test_matching_to_another_customer_moves_the_money(
    clerk: User, castle: Customer, halden: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(halden, "INV-1001", "120.00", may(1))
    line = bank_line("120.00", on=may(12))
    match_line(by=clerk, line=line, verdict=Verdict(castle))
    moved = match_line(by=clerk, line=line, verdict=Verdict(halden, pays({item: "120.00"}), on=may(13)))
    assert (moved.item.customer, open_amounts([item])) == (halden, ["0.00"])


def test_undoing_a_line_takes_everything_back(
    clerk: User, castle: Customer, halden: Customer, bank_line: Make, may: Day
) -> None:
    line = bank_line("120.00", on=may(12))
    post_unidentified(by=clerk, entity=castle.entity, incoming=Incoming.of_line(line))
    match_line(by=clerk, line=line, verdict=Verdict(castle, on=may(13)))
    match_line(by=clerk, line=line, verdict=Verdict(halden, on=may(14)))

    task = undo_line(by=clerk, line=line, undone_on=may(15), reason="Wrong")

    assert task.state == MatchTask.State.TO_MATCH
    assert t_account(castle.entity) == {}
    with pytest.raises(NothingToUndo):
        undo_line(by=clerk, line=line, undone_on=may(15), reason="Wrong")


def test_what_was_matched_and_undone_days_later_is_matched_again_to_the_same_document(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("120.00", on=may(12))
    match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "120.00"})))

    undo_line(by=clerk, line=line, undone_on=may(15), reason="Wrong")
    receipt = match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "120.00"})))

    assert (receipt.item.posted_on, open_amounts([item])) == (may(12), ["0.00"])
    assert Receipt.objects.get(line=line, ending="reversed").ended_on == may(12)


def test_an_undoing_counts_from_today_where_the_month_of_the_posting_is_closed(
    clerk: User, finance_manager: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("120.00", on=may(12))
    match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "120.00"})))
    close_period(by=finance_manager, period=AccountingPeriod.objects.get(entity=castle.entity, starts_on=may(1)))

    undo_line(by=clerk, line=line, undone_on=date(2026, 6, 2), reason="Wrong")

    assert Receipt.objects.get(line=line).ended_on == date(2026, 6, 2)


def test_who_looked_at_an_older_state_of_the_line_is_told(
    clerk: User, castle: Customer, halden: Customer, bank_line: Make, may: Day
) -> None:
    line = bank_line("120.00", on=may(12))
    match_line(by=clerk, line=line, verdict=Verdict(castle, seen=0))
    with pytest.raises(StaleProposal, match="Nora, kept on account"):
        match_line(by=clerk, line=line, verdict=Verdict(halden, seen=0))


def test_a_payer_is_known_after_two_equal_decisions_and_forgotten_for_good(
    clerk: User, system: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    account = "FR7630006000011234567890189"

    def pay(number: int, day: int) -> str:
        item = invoice(castle, f"INV-{number}", f"{number}.00", may(day - 5))
        line = bank_line(f"{number}.00", "PAYMENT", on=may(day), payer="FACTORING SA", account=account)
        (said,) = answer(system, castle, may(day))
        if said.startswith("unidentified"):
            match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: f"{number}.00"})))
        return said

    assert pay(1001, 12) == "unidentified nothing_known"
    alias = PayerAlias.objects.get()
    assert (alias.confirmations, alias.in_use) == (1, False)
    with pytest.raises(StillInDoubt):
        remember_payer(by=clerk, alias=alias)
    assert pay(1002, 13) == "unidentified nothing_known"
    assert pay(1003, 14) == "posted payer_and_one_amount"

    forget_payer(by=clerk, alias=alias)
    assert pay(1004, 15) == "unidentified nothing_known"
    assert pay(1005, 16) == "unidentified nothing_known"


def test_matching_one_line_again_and_again_teaches_nothing(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("120.00", "PAYMENT", on=may(12), payer="FACTORING SA", account="FR7630006000011234567890189")
    for _ in range(3):
        match_line(by=clerk, line=line, verdict=Verdict(castle))
        undo_line(by=clerk, line=line, undone_on=may(12), reason="Once more")
    assert (PayerAlias.objects.get().confirmations, PayerAlias.objects.get().in_use) == (1, False)


def test_the_customers_own_account_is_nothing_to_learn(
    clerk: User, castle: Customer, bank_line: Make, may: Day
) -> None:
    castle.bank_accounts.create(iban="GB29NWBK60161331926819", added_by=clerk)
    own = bank_line("1.00", on=may(12), account="GB29NWBK60161331926819")
    named = bank_line("2.00", on=may(12), payer="CASTLE FIBRE LTD")
    for line in (own, named):
        match_line(by=clerk, line=line, verdict=Verdict(castle))
    assert not PayerAlias.objects.exists()


def test_a_line_is_set_aside_with_a_question(
    clerk: User, collector: User, castle: Customer, bank_line: Make, may: Day
) -> None:
    line = bank_line("120.00", on=may(12))
    with pytest.raises(NotAllowed):
        ask_about_line(by=collector, line=line, question="Whose is it?")
    with pytest.raises(Refused, match="Write what you want to know"):
        ask_about_line(by=clerk, line=line, question=" ")
    task = ask_about_line(by=clerk, line=line, question="Whose is it?")
    assert (task.state, task.question) == (MatchTask.State.CHECK, "Whose is it?")
    match_line(by=clerk, line=line, verdict=Verdict(castle))
    with pytest.raises(Refused, match="no longer to be matched"):
        ask_about_line(by=clerk, line=line, question="And now?")


def test_what_the_ledger_refuses_is_left_for_a_person(
    clerk: User, system: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    """Somebody pays an invoice by hand while a matching run still thinks that it is open."""
    paid, other = invoice(castle, "INV-1001", "120.00", may(1)), invoice(castle, "INV-1002", "80.00", may(1))
    by_hand = bank_line("120.00", on=may(12))
    index = load_index(castle.entity, may(12))
    match_line(by=clerk, line=by_hand, verdict=Verdict(castle, pays({paid: "120.00"})))
    for text, amount in (("INV-1001", "120.00"), ("INV-1002", "80.00")):
        bank_line(amount, text, on=may(13), payer="CASTLE FIBRE LTD")

    lines = list(lines_to_match(castle.entity))
    answered = match_lines(by=system, entity=castle.entity, lines=lines, index=index)

    assert [each.decision for each in answered] == ["proposed", "posted"]
    assert answered[0].refusal == "INV-1001 has only 0.00 GBP left open."
    task = MatchTask.objects.get(line=lines[0])
    assert (task.state, task.evidence[-1]["words"]) == ("to_match", answered[0].refusal)
    assert open_amounts([paid, other]) == ["0.00", "0.00"]
