"""Money of the amount of an instalment, or of a promise, pays the documents for which it was agreed."""

from datetime import date
from typing import Any

from cashapp.matching import AgreedSum, Decision, MatchRule, OpenDocument, OpenIndex
from tests.cashapp.matching.stage import index_of, invoice, match, paid

AGREED_ON = date(2026, 5, 4)


def agreed(amount: int, *documents: str, **more: Any) -> AgreedSum:
    facts: dict[str, Any] = {"agreed_on": AGREED_ON, "due_on": date(2026, 5, 20), "instalment": 1}
    return AgreedSum(1, "EUR", amount, documents=documents, **{**facts, **more})


def stage(*more: OpenDocument) -> OpenIndex:
    """Two invoices of Acme in a plan and a third beside it."""
    plan = [invoice("A-1001", 25_000, due=date(2026, 4, 1)), invoice("A-1002", 60_100, due=date(2026, 5, 1))]
    return index_of(*plan, invoice("A-1003", 44_400), *more)


def test_an_instalment_pays_the_documents_of_its_plan_the_last_one_in_part() -> None:
    index = stage()
    second = {"instalment": 2, "due_on": date(2026, 6, 20)}
    index.expect([agreed(30_000, "A-1001", "A-1002"), agreed(30_000, "A-1001", "A-1002", **second)])

    proposal = match(index, 30_000)

    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.INSTALMENT)
    assert (paid(proposal), proposal.left) == ({"A-1001": 25_000, "A-1002": 5_000}, 0)
    assert "Amount equals instalment 1 of the payment plan, due 20 May 2026" in proposal.words
    index.apply(proposal.applied)
    assert paid(match(index, 30_000)) == {"A-1002": 30_000}
    index.expect([])
    assert match(index, 30_000).decision is not Decision.POSTED


def test_what_was_promised_pays_what_it_was_promised_for() -> None:
    index = stage()
    index.expect([agreed(69_400, "A-1001", "A-1003", instalment=None)])
    proposal = match(index, 69_400)
    assert (proposal.decision, proposal.rule, set(paid(proposal))) == (
        Decision.POSTED, MatchRule.PROMISE, {"A-1001", "A-1003"},
    )  # fmt: skip
    assert "Amount equals what was promised by 20 May 2026" in proposal.words


def test_another_item_of_that_amount_a_number_or_a_doubtful_payer_leave_it_to_a_person() -> None:
    index = stage(invoice("A-1004", 30_000))
    index.expect([agreed(30_000, "A-1001", "A-1002")])
    both = match(index, 30_000)
    assert (both.decision, both.rule) == (Decision.PROPOSED, MatchRule.INSTALMENT)
    assert [each.rule for each in both.alternatives] == [MatchRule.ONE_AMOUNT]

    index = stage()
    index.expect([agreed(30_000, "A-1001", "A-1002")])
    assert match(index, 30_000, "A-1003").rule is MatchRule.PART_PAYMENT, "the text says what it is for"
    nobody = {"payer": "Acme Stel", "payer_account": ""}
    assert match(index, 30_000, **nobody).decision is not Decision.POSTED


def test_money_before_the_agreement_and_more_than_is_open_are_not_it() -> None:
    index = stage()
    index.expect([agreed(30_000, "A-1001", "A-1002", agreed_on=date(2026, 5, 21)), agreed(30_000, "A-1001")])
    assert match(index, 30_000).rule is not MatchRule.INSTALMENT
