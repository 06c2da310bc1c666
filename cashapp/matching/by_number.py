"""Explanations that start from the numbers a text names."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from cashapp.matching.case import Case
from cashapp.matching.facts import OpenDocument, Side
from cashapp.matching.numbers import Form
from cashapp.matching.payers import Certainty
from cashapp.matching.proposals import Applied, Evidence, Explanation, MatchRule, in_full
from cashapp.matching.reading import Mention
from cashapp.matching.sums import chance_of, find_sums

MOST_STATES = 20_000
ENOUGH_ANSWERS = 3
MOST_CREDITS = 40
CREDIT_WORDS = frozenset("CN CREDIT CREDITNOTE GUTSCHRIFT GS AVOIR ABONO".split())


@dataclass(frozen=True, slots=True)
class Named:
    """The one document, or set of documents, that each mention stands for."""

    mentions: Sequence[Mention]
    documents: tuple[OpenDocument, ...]

    @property
    def customer_id(self) -> int:
        return self.documents[0].customer_id

    @property
    def total(self) -> int:
        return sum(document.owed for document in self.documents)


def only_reading(case: Case) -> Named | None:
    """What the numbers mean, if each can mean one thing and all belong to one customer."""
    if not case.mentions or any(len(mention.options) != 1 for mention in case.mentions):
        return None
    documents = _distinct([document for mention in case.mentions for document in mention.options[0]])
    if len({document.customer_id for document in documents}) != 1:
        return None
    return Named(case.mentions, documents)


def _distinct(documents: Sequence[OpenDocument]) -> tuple[OpenDocument, ...]:
    return tuple({document.id: document for document in documents}.values())


def exact_explanations(case: Case) -> list[Explanation]:
    """Every way in which the named documents add up to the amount."""
    readings = [case.mentions]
    if case.fragment and len(case.fragment.options) == 1:
        readings.append([*case.mentions, case.fragment])
    found = {
        frozenset(document.id for document in documents): _explain_exact(case, mentions, documents)
        for mentions in readings
        for documents in _ways_to_reach(mentions, case.amount)
    }
    return list(found.values())


def _ways_to_reach(mentions: Sequence[Mention], target: int) -> list[tuple[OpenDocument, ...]]:
    """Choose one option per mention, all of one customer, so that the documents add up to `target`."""
    states: dict[int, list[tuple[OpenDocument, ...]]] = {0: [()]}
    for mention in sorted(mentions, key=lambda each: len(each.options)):
        following: dict[int, list[tuple[OpenDocument, ...]]] = defaultdict(list)
        for total, ways in states.items():
            for option in mention.options:
                worth = sum(document.owed for document in option)
                following[total + worth] += [way + option for way in ways if _may_join(way, option)]
        states = following
        if sum(len(ways) for ways in states.values()) > MOST_STATES:
            return []
    unique = {frozenset(d.id for d in way): way for way in states.get(target, ())}
    return list(unique.values())[:ENOUGH_ANSWERS]


def _may_join(way: tuple[OpenDocument, ...], option: tuple[OpenDocument, ...]) -> bool:
    if not way:
        return True
    known = {document.id for document in way}
    return way[0].customer_id == option[0].customer_id and not any(document.id in known for document in option)


def _explain_exact(case: Case, mentions: Sequence[Mention], documents: tuple[OpenDocument, ...]) -> Explanation:
    amount = "Amount equals the open amount" if len(documents) == 1 else "Amount equals the sum of the open amounts"
    evidence = (*case.payer.evidence, *reasons_of(mentions, documents), Evidence("amount", amount))
    return Explanation(_rule_of(mentions), documents[0].customer_id, in_full(documents), evidence)


def _rule_of(mentions: Sequence[Mention]) -> MatchRule:
    worst = max(mention.form for mention in mentions)
    if worst is Form.REFERENCE:
        return MatchRule.REFERENCE
    if worst is Form.PURCHASE_ORDER:
        return MatchRule.PURCHASE_ORDER
    if worst > Form.DIGITS:
        return MatchRule.DAMAGED_NUMBERS
    return MatchRule.NUMBER if len(mentions) == 1 else MatchRule.NUMBERS


def reasons_of(mentions: Sequence[Mention], documents: Sequence[OpenDocument]) -> list[Evidence]:
    """Per document, the words that named it."""
    chosen = {document.id for document in documents}
    words: dict[Hashable, str] = {}
    for mention in mentions:
        for option in mention.options:
            for document in option:
                if document.id in chosen:
                    words.setdefault(document.id, f"{mention.form.words}: {mention.written}")
    return [Evidence("number", text, document_id) for document_id, text in words.items()]


def agrees(case: Case, customer_id: int) -> bool:
    """Is there any sign of the payer, and does it point at this customer?"""
    return not case.payer.disagrees and _is_family(case, customer_id)


def contradicts(case: Case, customer_id: int) -> bool:
    """Somebody else surely sent the money, or the signs point at two."""
    if case.payer.disagrees:
        return True
    return case.payer.certainty >= Certainty.STRONG and not _is_family(case, customer_id)


def _is_family(case: Case, customer_id: int) -> bool:
    return any(customer_id in case.index.family_of(each) for each in case.payer.customers)


def numbers_and_others(case: Case, named: Named) -> list[Explanation]:
    """The text was cut: the numbers that are left, and other items that make up the rest of the amount."""
    rest = case.amount - named.total
    known = {document.id for document in named.documents}
    others = [each for each in case.open_of(named.customer_id) if each.id not in known and not each.is_cash]
    if rest <= 0:
        return []
    amounts = [document.owed for document in others]
    answers = [(place,) for place, amount in enumerate(amounts) if amount == rest] + find_sums(amounts, rest)
    return [_explain_others(case, named, [others[place] for place in answer]) for answer in answers]


def chance_of_others(case: Case, named: Named, explanation: Explanation) -> int:
    known = {document.id for document in named.documents}
    amounts = [each.owed for each in case.open_of(named.customer_id) if each.id not in known]
    return chance_of(amounts, case.amount - named.total, len(explanation.applied) - len(named.documents))


def _explain_others(case: Case, named: Named, others: list[OpenDocument]) -> Explanation:
    rest = [Evidence("amount", "Makes up the rest of the amount", document.id) for document in others]
    cut = Evidence("text", "The text was cut off by the bank")
    evidence = (*case.payer.evidence, *reasons_of(named.mentions, named.documents), *rest, cut)
    applied = in_full([*named.documents, *others])
    return Explanation(MatchRule.NUMBERS_AND_OTHERS, named.customer_id, applied, evidence)


def less_credit(case: Case, named: Named) -> list[Explanation]:
    """The customer kept back exactly one credit note, or two."""
    missing = case.amount - named.total
    known = {document.id for document in named.documents}
    credits = [
        each
        for each in case.open_of(named.customer_id)
        if each.side is Side.CREDIT and not each.is_cash and each.id not in known
    ][:MOST_CREDITS]
    amounts = [document.owed for document in credits]
    pairs = [answer for answer in find_sums(amounts, missing) if len(answer) == 2]
    answers = [*((place,) for place, amount in enumerate(amounts) if amount == missing), *pairs]
    return [_explain_credit(case, named, [credits[place] for place in answer]) for answer in answers]


def _explain_credit(case: Case, named: Named, credits: list[OpenDocument]) -> Explanation:
    kept = [Evidence("credit", "Credit note that makes up the difference", document.id) for document in credits]
    evidence = (*case.payer.evidence, *reasons_of(named.mentions, named.documents), *kept)
    return Explanation(MatchRule.LESS_CREDIT, named.customer_id, in_full([*named.documents, *credits]), evidence)


def part_payment(case: Case, named: Named) -> Explanation:
    """In the order in which they are named, until the money and the credit that is spoken of are used up."""
    credit = [document for document in named.documents if document.side is Side.CREDIT]
    spoken = _credit_spoken_of(case, named) if not credit else []
    left = case.amount - sum(document.owed for document in (*credit, *spoken))
    applied: list[Applied] = []
    for document in named.documents:
        if document.side is Side.DEBIT and left > 0:
            applied.append(Applied(document, min(left, document.open)))
            left -= applied[-1].amount
    applied += in_full([*credit, *spoken])
    told = [Evidence("credit", "The text speaks of a credit note", document.id) for document in spoken]
    reasons = reasons_of(named.mentions, named.documents)
    evidence = (*case.payer.evidence, *reasons, *told, Evidence("amount", "Part payment"))
    return Explanation(MatchRule.PART_PAYMENT, named.customer_id, tuple(applied), evidence)


def _credit_spoken_of(case: Case, named: Named) -> list[OpenDocument]:
    """The customer's only open credit note, when the text says that one was kept back."""
    if not any(group.text in CREDIT_WORDS for group in case.reading.groups):
        return []
    notes = [each for each in case.open_of(named.customer_id) if each.side is Side.CREDIT and not each.is_cash]
    return notes if len(notes) == 1 and notes[0].open <= named.total - case.amount else []


def over_payment(case: Case, named: Named) -> Explanation:
    over = Evidence("amount", "More than the open amount; the rest stays on account")
    evidence = (*case.payer.evidence, *reasons_of(named.mentions, named.documents), over)
    return Explanation(MatchRule.OVER_PAYMENT, named.customer_id, in_full(named.documents), evidence)


def rivals_by_amount(case: Case, named: Named) -> list[OpenDocument]:
    """Other items of the customer that the amount, or what is over, would settle exactly."""
    known = {document.id for document in named.documents}
    wanted = {case.amount, case.amount - named.total}
    others = [each for each in case.open_of(named.customer_id) if each.id not in known and each.side is Side.DEBIT]
    return [each for each in others if each.open in wanted]
