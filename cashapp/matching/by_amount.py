"""Explanations from the payer and the amount alone."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from cashapp.matching.case import Case
from cashapp.matching.facts import OpenDocument
from cashapp.matching.proposals import Applied, Evidence, Explanation, MatchRule, in_full
from cashapp.matching.sums import MILLION, chance_of, crowding, find_sums

NEAR_FROM, NEAR_TO = 95, 102
# More than a tenth over everything that is open is no payment of it.
MOST_OVER = 10
# Among so many sets some always meet the amount: they are no answers, and no rivals of one either.
WORTHLESS_CROWDING = MILLION // 2
COMMON_AMOUNT = 5

# So few sets of this kind exist that meeting the amount is evidence enough.
TELLING = (
    MatchRule.ONE_AMOUNT,
    MatchRule.WHOLE_BALANCE,
    MatchRule.ALL_OVERDUE,
    MatchRule.STATEMENT_TOTAL,
    MatchRule.INSTALMENT,
    MatchRule.PROMISE,
)


def exact_by_amount(case: Case, customer_id: int) -> list[Explanation]:
    """Every set of the customer's items that is worth the amount and that means something, most telling first."""
    items = case.open_of(customer_id)
    payable = [item for item in items if not item.is_cash]
    found: dict[frozenset[object], Explanation] = {each.documents: each for each in _agreed(case, customer_id)}
    for rule, documents in _exact_sets(case, customer_id, items, payable):
        explanation = _explain(case, customer_id, rule, documents)
        found.setdefault(explanation.documents, explanation)
    return list(found.values())


def _agreed(case: Case, customer_id: int) -> Iterator[Explanation]:
    """What the customer agreed to pay: its documents take it in the order of their due dates, the last one in part."""
    items = {item.id: item for item in case.open_of(customer_id)}
    agreed = [
        each
        for each in case.index.agreed_with(customer_id, case.line.currency, case.amount)
        if each.agreed_on <= case.line.booked_on
    ]
    for each in reversed(agreed):
        rule = MatchRule.PROMISE if each.instalment is None else MatchRule.INSTALMENT
        applied = _in_turn([items[document] for document in each.documents if document in items], case.amount)
        if sum(part.amount for part in applied) == case.amount:
            words = (Evidence("amount", f"Amount equals {each.words}", part.document.id) for part in applied)
            yield Explanation(rule, customer_id, applied, (*case.payer.evidence, *words))


def _in_turn(items: Sequence[OpenDocument], amount: int) -> tuple[Applied, ...]:
    """As many of the items as the amount pays."""
    applied: list[Applied] = []
    for item in items:
        if amount > 0 and item.owed > 0:
            applied.append(Applied(item, min(amount, item.open)))
            amount -= applied[-1].amount
    return tuple(applied)


def _exact_sets(
    case: Case, customer_id: int, items: Sequence[OpenDocument], payable: Sequence[OpenDocument]
) -> Iterator[tuple[MatchRule, Sequence[OpenDocument]]]:
    amount = case.amount
    yield from ((MatchRule.ONE_AMOUNT, [item]) for item in payable if item.owed == amount)
    yield from ((rule, group) for rule, group in _telling_groups(case, customer_id, items) if _worth(group) == amount)
    amounts = [item.owed for item in payable]
    for answer in find_sums(amounts, amount):
        if len(answer) == 2 or crowding(len(amounts), amount, len(answer)) < WORTHLESS_CROWDING:
            yield MatchRule.SUM_OF_ITEMS, [payable[place] for place in answer]
    yield from ((MatchRule.DUE_TOGETHER, group) for group in _neighbours(payable, amount))


def _telling_groups(
    case: Case, customer_id: int, items: Sequence[OpenDocument]
) -> Iterator[tuple[MatchRule, Sequence[OpenDocument]]]:
    """Groups of items that people pay in one go."""
    if len(items) > 1:
        yield MatchRule.WHOLE_BALANCE, items
    overdue = [item for item in items if item.due_on < case.line.booked_on and not item.is_cash]
    if len(overdue) > 1:
        yield MatchRule.ALL_OVERDUE, overdue
    statement = case.index.statement_of(customer_id, case.line.currency)
    if statement is not None and statement.amount == case.amount and statement.on <= case.line.booked_on:
        yield MatchRule.STATEMENT_TOTAL, [item for item in items if item.document_on <= statement.on]


def _neighbours(payable: Sequence[OpenDocument], amount: int) -> Iterator[Sequence[OpenDocument]]:
    """Five or more items that fall due one after the other and are worth the amount."""
    sums = [0, *accumulate(item.owed for item in payable)]
    places: dict[int, int] = {total: place for place, total in enumerate(sums)}
    for first, total in enumerate(sums):
        last = places.get(total + amount, -1)
        if last - first > 4:
            yield payable[first:last]


def _worth(documents: Sequence[OpenDocument]) -> int:
    return sum(document.owed for document in documents)


_WORDS = {
    MatchRule.ONE_AMOUNT: "Amount equals this item",
    MatchRule.WHOLE_BALANCE: "Amount equals the whole balance",
    MatchRule.ALL_OVERDUE: "Amount equals all that is overdue",
    MatchRule.STATEMENT_TOTAL: "Amount equals the last statement",
    MatchRule.SUM_OF_ITEMS: "Amount equals the sum of these items",
    MatchRule.DUE_TOGETHER: "Amount equals items that fall due one after the other",
}


def _explain(case: Case, customer_id: int, rule: MatchRule, documents: Sequence[OpenDocument]) -> Explanation:
    evidence = (*case.payer.evidence, *(Evidence("amount", _WORDS[rule], document.id) for document in documents))
    return Explanation(rule, customer_id, in_full(documents), evidence)


def same_amount(document: OpenDocument) -> Explanation:
    evidence = Evidence("amount", _WORDS[MatchRule.ONE_AMOUNT], document.id)
    return Explanation(MatchRule.ONE_AMOUNT, document.customer_id, in_full([document]), (evidence,))


def is_no_accident(case: Case, explanation: Explanation, accepted: int) -> bool:
    """Would chance rarely enough bring up a set like this one?"""
    if explanation.rule in TELLING:
        return True
    amounts = [item.owed for item in case.open_of(explanation.customer_id) if not item.is_cash]
    size = 2 if explanation.rule is MatchRule.DUE_TOGETHER else len(explanation.applied)
    return chance_of(amounts, case.amount, size) <= accepted


def is_common(case: Case, customer_id: int) -> bool:
    """Do several other customers owe exactly this amount, as with subscriptions? Then a name is too little."""
    line = case.line
    holders = {d.customer_id for d in case.index.open_with_amount(line.amount, line.currency, line.booked_on)}
    return len(holders - {customer_id}) >= COMMON_AMOUNT


def nearly_one_item(case: Case, customer_id: int) -> Explanation | None:
    """A few percent short of one item, or a little over."""
    near = [
        item
        for item in case.open_of(customer_id)
        if item.owed > 0 and NEAR_FROM * item.open <= 100 * case.amount <= NEAR_TO * item.open
    ]
    if len(near) != 1:
        return None
    (item,) = near
    words = "A little short of this item" if case.amount < item.open else "A little more than this item"
    evidence = (*case.payer.evidence, Evidence("amount", words, item.id))
    applied = (Applied(item, min(item.open, case.amount)),)
    return Explanation(MatchRule.NEAR_AMOUNT, customer_id, applied, evidence)


def oldest_first(case: Case, customer_id: int) -> Explanation | None:
    """What a customer who says nothing most likely means, for a person to look at."""
    applied = _in_turn(case.open_of(customer_id), case.amount)
    left = case.amount - sum(part.amount for part in applied)
    if not applied or MOST_OVER * left > case.amount:
        return None
    words = Evidence("amount", "A little more than all that is open" if left else "Nothing fits; oldest items first")
    return Explanation(MatchRule.OLDEST_FIRST, customer_id, applied, (*case.payer.evidence, words))
