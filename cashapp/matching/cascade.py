"""The order in which explanations are tried, and the one place that decides what may post by itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from cashapp.matching import by_amount, by_group, by_number, by_remittance
from cashapp.matching.case import Case, build_case
from cashapp.matching.facts import BankLine
from cashapp.matching.index import OpenIndex
from cashapp.matching.numbers import Form
from cashapp.matching.payers import Certainty
from cashapp.matching.proposals import (
    Decision,
    Evidence,
    Explanation,
    MatchProposal,
    MatchRule,
    Sureness,
    in_another_currency,
)
from cashapp.matching.sums import MILLION
from cashapp.matching.written import Effect

RULES_VERSION = "2026-11-3"
# How often chance may bring up an unnamed set of items before it has to be looked at.
ACCEPTED_CHANCE = 3 * MILLION // 1000
# When a cut text says that there are more items, chance has less to explain.
ACCEPTED_CHANCE_OF_OTHERS = MILLION // 100
MOST_LIKELY_PAYERS = 20
MOST_HINTS = 3


def match_line(line: BankLine, index: OpenIndex) -> MatchProposal:
    """What does this money pay, and is that sure enough to post it?"""
    if line.amount <= 0:
        return MatchProposal(line.id, Decision.UNIDENTIFIED, MatchRule.NOT_A_RECEIPT, left=line.amount)
    case = build_case(line, index)
    answers = (by_remittance.held_back(case, proposal) for rule in CASCADE if (proposal := rule(case)))
    answer = next(answers, None) or _unidentified(case)
    return replace(answer, written_rule=case.rules[0].id) if case.rules else answer


def _unidentified(case: Case) -> MatchProposal:
    """Nobody is known; open items of that very amount are only a hint for the search."""
    line = case.line
    same = case.index.open_with_amount(line.amount, line.currency, line.booked_on)[:MOST_HINTS]
    return MatchProposal(
        line_id=line.id,
        decision=Decision.UNIDENTIFIED,
        rule=MatchRule.NOTHING,
        left=line.amount,
        evidence=(*case.payer.evidence, *by_remittance.without_documents(case), *_named_abroad(case)),
        alternatives=tuple(by_amount.same_amount(document) for document in same),
    )


def _answer(case: Case, chosen: Explanation, decision: Decision, others: Sequence[Explanation] = ()) -> MatchProposal:
    sureness = Sureness.SURE if decision is Decision.POSTED else _SURENESS.get(chosen.rule, Sureness.GOOD)
    if others:
        sureness = min(sureness, Sureness.FAIR)
    return MatchProposal(
        line_id=case.line.id,
        decision=decision,
        rule=chosen.rule,
        customer_id=chosen.customer_id,
        applied=chosen.applied,
        left=case.amount - chosen.total,
        evidence=chosen.evidence + _doubts(case, chosen, others),
        sureness=sureness,
        alternatives=tuple(others),
    )


_SURENESS = {
    MatchRule.REFERENCE: Sureness.STRONG,
    MatchRule.NUMBER: Sureness.STRONG,
    MatchRule.NUMBERS: Sureness.STRONG,
    MatchRule.GROUP: Sureness.STRONG,
    MatchRule.ONE_AMOUNT: Sureness.GOOD,
    MatchRule.PART_PAYMENT: Sureness.FAIR,
    MatchRule.OVER_PAYMENT: Sureness.FAIR,
    MatchRule.LIKELY_PAYER: Sureness.FAIR,
    MatchRule.NEAR_AMOUNT: Sureness.FAIR,
    MatchRule.OLDEST_FIRST: Sureness.GUESS,
}


def _doubts(case: Case, chosen: Explanation, others: Sequence[Explanation]) -> tuple[Evidence, ...]:
    doubts = []
    if others:
        doubts.append(Evidence("doubt", f"{len(others) + 1} options"))
    if by_number.contradicts(case, chosen.customer_id):
        doubts.append(Evidence("doubt", "The payer looks like another customer"))
    for number in (*case.reading.unknown_numbers, *case.not_payable):
        if number not in case.abroad:
            doubts.append(Evidence("doubt", f"{number} is written like a number of ours but is not open"))
    return (*doubts, *_named_abroad(case))


def _named_abroad(case: Case) -> tuple[Evidence, ...]:
    return tuple(Evidence("abroad", in_another_currency(document)) for document in case.abroad.values())


def _kept_by_a_rule(case: Case) -> MatchProposal | None:
    """Somebody wrote that such money waits on this customer's account, and nothing points at another customer."""
    keeping = [rule for rule in case.rules if rule.effect is Effect.ON_ACCOUNT]
    if not keeping or not case.payer.is_known:
        return None
    explanation = Explanation(MatchRule.WRITTEN, case.payer.customer_id, (), case.payer.evidence)
    return _answer(case, explanation, _where_to_keep(case))


def _numbers_of_a_group(case: Case) -> MatchProposal | None:
    """Documents of several customers in one payment: a person looks at what goes to whose account."""
    found = by_group.across_customers(case)
    return _answer(case, found, Decision.PROPOSED) if found else None


def _numbers_exact(case: Case) -> MatchProposal | None:
    """The numbers named, and the amount is theirs to the last cent."""
    found = by_number.exact_explanations(case)
    if not found:
        return None
    first, *others = found
    sure = not others and _everything_agrees(case, first) and not _is_weak_beside_rivals(case)
    return _answer(case, first, Decision.POSTED if sure else Decision.PROPOSED, others)


def _everything_agrees(case: Case, explanation: Explanation) -> bool:
    if case.foreign or case.not_payable or case.reading.unknown_numbers or _only_nearly_named(case):
        return False
    if by_number.contradicts(case, explanation.customer_id):
        return False
    if by_number.agrees(case, explanation.customer_id):
        return True
    return all(mention.stands_alone for mention in case.mentions)


def _only_nearly_named(case: Case) -> bool:
    """A digit that differs may be a slip, or another number."""
    return any(mention.form is Form.NEAR for mention in case.mentions)


def _is_weak_beside_rivals(case: Case) -> bool:
    """A few digits might be anything, so another item of the same amount makes them doubtful."""
    named = by_number.only_reading(case)
    if all(mention.is_clear for mention in case.mentions) or named is None:
        return False
    return bool(by_number.rivals_by_amount(case, named))


def _numbers_and_more(case: Case) -> MatchProposal | None:
    """Numbers clear, amount other than theirs: cut text, credit kept back, part payment or over-payment."""
    named = by_number.only_reading(case)
    if named is None or not all(mention.is_clear for mention in case.mentions):
        return None
    explain = _more_than_named if case.amount > named.total else _less_than_named
    return explain(case, named)


def _more_than_named(case: Case, named: by_number.Named) -> MatchProposal:
    others = by_number.numbers_and_others(case, named)
    over = by_number.over_payment(case, named)
    trusted = _is_trusted(case, over)
    if case.reading.is_cut:
        if not others:
            return _answer(case, over, Decision.PROPOSED)
        first, *rest = others
        sure = trusted and not rest and by_number.chance_of_others(case, named, first) <= ACCEPTED_CHANCE_OF_OTHERS
        return _answer(case, first, Decision.POSTED if sure else Decision.PROPOSED, rest)
    sure = trusted and not others and not by_number.rivals_by_amount(case, named)
    return _answer(case, over, Decision.POSTED if sure else Decision.PROPOSED, others)


def _less_than_named(case: Case, named: by_number.Named) -> MatchProposal:
    part = by_number.part_payment(case, named)
    rivals = by_number.rivals_by_amount(case, named)
    if credited := by_number.less_credit(case, named):
        first, *rest = credited
        sure = _is_trusted(case, first) and not rest and not rivals
        return _answer(case, first, Decision.POSTED if sure else Decision.PROPOSED, [*rest, part])
    sure = _is_trusted(case, part) and len(part.applied) == len(named.documents) == 1 and not rivals
    return _answer(case, part, Decision.POSTED if sure else Decision.PROPOSED)


def _is_trusted(case: Case, explanation: Explanation) -> bool:
    """The amount proves nothing here: every number must be explained, and damaged ones need a payer beyond doubt."""
    if case.unexplained or not _everything_agrees(case, explanation):
        return False
    worst = max(mention.form for mention in case.mentions)
    if worst <= Form.DIGITS:
        return by_number.agrees(case, explanation.customer_id)
    return case.payer.is_known and worst in (Form.SEQUENCE, Form.CUT)


def _amount_of_known_payer(case: Case) -> MatchProposal | None:
    if not case.payer.is_known:
        return None
    found = by_amount.exact_by_amount(case, case.payer.customer_id)
    if not found:
        return None
    first, *others = found
    doubtful = others or case.text_says_otherwise or _is_only_a_name_and_a_common_amount(case)
    sure = not doubtful and by_amount.is_no_accident(case, first, ACCEPTED_CHANCE)
    return _answer(case, first, Decision.POSTED if sure else Decision.PROPOSED, others)


def _is_only_a_name_and_a_common_amount(case: Case) -> bool:
    return case.payer.certainty < Certainty.CERTAIN and by_amount.is_common(case, case.payer.customer_id)


def _numbers_doubtful(case: Case) -> MatchProposal | None:
    """Numbers that could not be settled by the amount, for a person to look at."""
    if case.foreign and not case.mentions:
        return _foreign(case)
    named = by_number.only_reading(case) or _first_reading(case)
    if named is None:
        return None
    explain = by_number.over_payment if case.amount > named.total else by_number.part_payment
    return _answer(case, explain(case, named), Decision.PROPOSED)


def _first_reading(case: Case) -> by_number.Named | None:
    mentions = case.mentions or [each for each in [case.fragment] if each]
    firsts = [document for mention in mentions for document in mention.options[0]]
    if not firsts:
        return None
    documents = {each.id: each for each in firsts if each.customer_id == firsts[0].customer_id}
    return by_number.Named(mentions, tuple(documents.values()))


def _foreign(case: Case) -> MatchProposal:
    """The number is clear, the payer is clear, and they don't belong together."""
    customer_id = case.foreign[0].customer_id
    documents = tuple({each.id: each for each in case.foreign if each.customer_id == customer_id}.values())
    named = by_number.Named((), documents)
    explain = by_number.part_payment if case.amount < named.total else by_number.over_payment
    return _answer(case, explain(case, named), Decision.PROPOSED)


def _already_settled(case: Case) -> MatchProposal | None:
    """Paid twice: the money waits on the customer's account."""
    owners = {document.customer_id for document in case.settled}
    if len(owners) != 1 or not by_number.agrees(case, min(owners)):
        return None
    words = [Evidence("number", f"{d.number} is already settled", d.id) for d in case.settled]
    evidence = (*case.payer.evidence, *words)
    return _answer(case, Explanation(MatchRule.ALREADY_SETTLED, min(owners), (), evidence), _where_to_keep(case))


def _where_to_keep(case: Case) -> Decision:
    """A name alone is not enough to credit somebody's account unseen."""
    beyond_doubt = case.payer.is_known and case.payer.certainty is Certainty.CERTAIN
    return Decision.ON_ACCOUNT if beyond_doubt else Decision.PROPOSED


def _near_of_known_payer(case: Case) -> MatchProposal | None:
    if not case.payer.is_known or case.text_says_otherwise:
        return None
    customer_id = case.payer.customer_id
    guess = by_amount.nearly_one_item(case, customer_id) or by_amount.oldest_first(case, customer_id)
    return _answer(case, guess, Decision.PROPOSED) if guess else None


def _amount_of_likely_payer(case: Case) -> MatchProposal | None:
    """A name that is only similar, or shared by several customers, and an amount that fits: a person decides."""
    if case.payer.is_known or not 0 < len(case.payer.customers) <= MOST_LIKELY_PAYERS:
        return None
    found = [each for customer in sorted(case.payer.customers) for each in by_amount.exact_by_amount(case, customer)]
    if not found:
        return None
    found.sort(key=lambda each: len(each.applied))
    return _answer(case, found[0], Decision.PROPOSED, found[1:4])


def _on_account(case: Case) -> MatchProposal | None:
    """Nobody doubts who paid, but nothing tells what for."""
    if not case.payer.is_known:
        return None
    words = Evidence("payer", "The payer is known, no open item explains the amount")
    explanation = Explanation(MatchRule.PAYER_ONLY, case.payer.customer_id, (), (*case.payer.evidence, words))
    return _answer(case, explanation, _where_to_keep(case))


CASCADE: tuple[Callable[[Case], MatchProposal | None], ...] = (
    by_remittance.as_remitted,
    _kept_by_a_rule,
    _numbers_exact,
    _numbers_of_a_group,
    _numbers_and_more,
    _amount_of_known_payer,
    _numbers_doubtful,
    _already_settled,
    _near_of_known_payer,
    _amount_of_likely_payer,
    _on_account,
)
