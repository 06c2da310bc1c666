"""Payers who were declared to pay for several, and rules that people wrote, as the matcher reads them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cashapp.matching import Decision, DeclaredPayer, Effect, MatchRule, WrittenRule
from tests.cashapp.matching.stage import BOLT_ACCOUNT, BOOKED, index_of, invoice, line, match, paid

ELM = "GB33BUKB20201555555555"
SINCE = date(2026, 1, 1)
AGENT = DeclaredPayer("Elm Agents", ELM, "agent", None, ((1, SINCE, None), (2, SINCE, BOOKED)))
POOL = WrittenRule(7, "Pool", 1, Effect.IDENTIFIES, payer="central pool", text="no * ref", customer_id=1)


def test_documents_of_two_customers_of_an_agent_are_proposed_together() -> None:
    index = index_of(invoice("INV-1001", 10_000), invoice("INV-1002", 5_050, customer=2))
    index.declare([AGENT])

    proposal = match(index, 15_050, "INV-1001 INV-1002", payer="ELM", payer_account=ELM)

    assert (proposal.decision, proposal.rule) == (Decision.PROPOSED, MatchRule.GROUP)
    assert (proposal.customer_id, paid(proposal)) == (1, {"INV-1001": 10_000, "INV-1002": 5_050})


def test_a_cent_less_is_no_match_of_the_group() -> None:
    index = index_of(invoice("INV-1001", 10_000), invoice("INV-1002", 5_050, customer=2))
    index.declare([AGENT])
    assert match(index, 15_049, "INV-1001 INV-1002", payer_account=ELM).rule is not MatchRule.GROUP


def test_whom_nobody_declared_pays_for_nobody() -> None:
    index = index_of(invoice("INV-1001", 10_000), invoice("INV-1002", 5_050, customer=2))
    assert match(index, 15_050, "INV-1001 INV-1002", payer="ELM", payer_account=ELM).rule is not MatchRule.GROUP


def test_a_name_is_too_little_where_the_account_is_known_and_another() -> None:
    index = index_of(invoice("INV-1001", 10_000))
    index.declare([AGENT])
    other = match(index, 10_000, "PAYMENT", payer="Elm Agents", payer_account=BOLT_ACCOUNT)
    assert "group" not in {each.kind for each in other.evidence}


def test_an_agent_of_one_customer_is_that_customer() -> None:
    index = index_of(invoice("INV-1001", 10_033))
    index.declare([DeclaredPayer("Elm Agents", "", "factor", None, ((1, SINCE, None),))])
    proposal = match(index, 10_033, "PAYMENT", payer="ELM AGENTS", payer_account="")
    assert (proposal.decision, proposal.customer_id) == (Decision.POSTED, 1)


@pytest.mark.parametrize(
    ("payer", "text", "meets"),
    [
        ("Central Pool AG", "NO 17 OUR REF", True),
        ("CENTRALPOOL", "NO 17 REF", False),
        ("Central Pool", "REF NO 17", False),
        ("Spool Central Pool", "no ref", True),
        ("Pool", "no 1 ref", False),
    ],
)
def test_a_rule_reads_whole_words_in_their_order(payer: str, text: str, *, meets: bool) -> None:
    assert POOL.meets(line(1, text, payer=payer)) is meets


def test_amount_account_and_bank_narrow_a_rule() -> None:
    rule = WrittenRule(
        7,
        "Pool",
        1,
        Effect.IDENTIFIES,
        account="de89 3704",
        bank_account=3,
        amount_from=Decimal(10),
        amount_to=Decimal(20),
    )
    told: dict[str, Any] = {"payer_account": "DE893704", "bank_account": 3}
    assert rule.meets(line(1_000, **told))
    assert rule.meets(line(2_000, **told))
    assert not rule.meets(line(999, **told))
    assert not rule.meets(line(2_001, **told))
    assert not rule.meets(line(1_000, payer_account="DE893704", bank_account=4))
    assert not rule.meets(line(1_000, payer_account="DE893705", bank_account=3))


def test_two_rules_that_name_two_customers_decide_nothing() -> None:
    index = index_of(invoice("INV-1001", 10_033))
    index.follow([POOL, WrittenRule(8, "Other", 1, Effect.IDENTIFIES, payer="pool", customer_id=2)])
    proposal = match(index, 10_033, "NO REF", payer="Central Pool", payer_account="")
    assert proposal.decision in (Decision.PROPOSED, Decision.UNIDENTIFIED)
    assert proposal.written_rule == 7


def test_a_rule_against_the_account_leaves_it_to_a_person() -> None:
    index = index_of(invoice("INV-1001", 10_033))
    index.follow([POOL])
    proposal = match(index, 10_033, "NO REF", payer="Central Pool", payer_account=BOLT_ACCOUNT)
    assert proposal.decision is not Decision.POSTED
