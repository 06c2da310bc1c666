"""One line with all that is known about it: what it says, who sent it, and which open documents it names."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from string import ascii_uppercase

from cashapp.matching.facts import BankLine, OpenDocument
from cashapp.matching.index import OpenIndex
from cashapp.matching.mentions import read
from cashapp.matching.numbers import Form, NumberKeys, differs_by_one
from cashapp.matching.payers import Certainty, Payer, declared_for, find_payer
from cashapp.matching.reading import Mention, Reading
from cashapp.matching.text import looks_like_year
from cashapp.matching.written import WrittenRule

MOST_DOCUMENTS_COMPARED = 400
SHORTEST_TAIL = 3


@dataclass(slots=True)
class Case:
    line: BankLine
    index: OpenIndex
    reading: Reading
    payer: Payer
    mentions: list[Mention] = field(default_factory=list)
    """Numbers in the text, narrowed to open documents that this payer could mean."""
    foreign: list[OpenDocument] = field(default_factory=list)
    """Documents clearly named that belong to a customer other than the known payer."""
    settled: list[OpenDocument] = field(default_factory=list)
    """Documents clearly named that have nothing left open."""
    fragment: Mention | None = None
    """Open documents of this payer that begin like the last number of a text that was cut off."""
    not_payable: list[str] = field(default_factory=list)
    """Numbers of ours that cannot be paid by this line: settled, in another currency, or dated later."""
    abroad: dict[str, OpenDocument] = field(default_factory=dict)
    """Those of them that are open in another currency: money settles them only by exchange, which a person decides."""
    unplaced: list[str] = field(default_factory=list)
    """Digits that name no open document of this payer as they stand."""
    declared: frozenset[int] = frozenset()
    """Customers whom somebody declared the payer to pay for."""
    rules: list[WrittenRule] = field(default_factory=list)
    """Rules of people that are about the line."""
    unexplained: list[str] = field(default_factory=list)
    """Digits that may be a number of ours and were not made sense of."""
    _open: dict[int, list[OpenDocument]] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        return self.line.amount

    @property
    def text_says_otherwise(self) -> bool:
        """The text names something, so an amount alone decides nothing."""
        return bool(self.mentions or self.foreign or self.not_payable or self.reading.unknown_numbers)

    def documents_mentioned(self) -> set[Hashable]:
        return {document.id for mention in self.mentions for option in mention.options for document in option}

    def open_of(self, customer_id: int) -> list[OpenDocument]:
        """What the customer could pay on the line's day, oldest due date first; looked up once."""
        if customer_id not in self._open:
            self._open[customer_id] = self.index.open_of(customer_id, self.line.currency, self.line.booked_on)
        return self._open[customer_id]


def build_case(line: BankLine, index: OpenIndex) -> Case:
    reading = read(line, index)
    rules = [rule for rule in index.written if rule.meets(line)]
    declared = declared_for(reading, index).customers
    case = Case(line, index, reading, find_payer(reading, index, rules), declared=declared, rules=rules)
    allowed = {member for customer_id in case.payer.customers for member in index.family_of(customer_id)}
    for mention in reading.mentions:
        _sort_in(case, mention, allowed)
    case.unexplained = [*_free_digits(case), *reading.unknown_numbers]
    if len(case.payer.customers) == 1 and case.payer.certainty >= Certainty.STRONG:
        _add_weak_mentions(case)
        _complete_fragment(case)
    _agree_on_customers(case)
    return case


def _sort_in(case: Case, mention: Mention, allowed: set[int]) -> None:
    """Keep what is open and can be meant; remember what is settled or somebody else's."""
    payable = [option for option in mention.options if all(_is_payable(document, case.line) for document in option)]
    own = [option for option in payable if not allowed or option[0].customer_id in allowed]
    if own:
        case.mentions.append(Mention(mention.written, mention.form, tuple(own)))
    elif payable and mention.stands_alone:
        case.foreign.extend(option[0] for option in payable)
    elif mention.stands_alone:
        case.settled.extend(option[0] for option in mention.options if option[0].open == 0)
        case.not_payable.append(mention.written)
        if found := _open_abroad(mention, case.line, allowed):
            case.abroad[mention.written] = found
    else:
        case.unplaced.append(mention.written)
        case.settled.extend(o[0] for o in mention.options if mention.is_clear and _is_settled_for(o[0], allowed))


def _open_abroad(mention: Mention, line: BankLine, allowed: set[int]) -> OpenDocument | None:
    documents = [document for option in mention.options for document in option]
    own = [document for document in documents if not allowed or document.customer_id in allowed]
    return next((document for document in own if document.open and document.currency != line.currency), None)


def _is_settled_for(document: OpenDocument, customers: set[int]) -> bool:
    return document.open == 0 and document.customer_id in customers


def _is_payable(document: OpenDocument, line: BankLine) -> bool:
    return document.open > 0 and document.currency == line.currency and document.document_on <= line.booked_on


def _free_digits(case: Case) -> list[str]:
    free = [group.text for group in case.reading.free_digits()]
    words = [word for word in (*free, *case.unplaced) if len(word) >= SHORTEST_TAIL and word.isdigit()]
    return [word for word in words if not looks_like_year(word)]


def _add_weak_mentions(case: Case) -> None:
    """Tails, cut tails and digits that differ: only the few documents of this payer are compared."""
    if not case.unexplained:
        return
    documents = case.open_of(case.payer.customer_id)[:MOST_DOCUMENTS_COMPARED]
    known = case.documents_mentioned()
    for written in list(case.unexplained):
        found = [(document, _weak_form(case, written, document)) for document in documents if document.id not in known]
        options = [(document, form) for document, form in found if form is not None]
        if options:
            form = min(form for _, form in options)
            kept = tuple((document,) for document, each in options if each is form)
            case.mentions.append(Mention(written, form, kept))
            case.unexplained.remove(written)
            case.reading.unknown_numbers = [each for each in case.reading.unknown_numbers if each != written]


def _complete_fragment(case: Case) -> None:
    fragment = case.reading.fragment
    digits = fragment.lstrip(ascii_uppercase)
    if not digits:
        return
    known = case.documents_mentioned()
    options = [
        (document,)
        for document in case.open_of(case.payer.customer_id)[:MOST_DOCUMENTS_COMPARED]
        if document.id not in known and _begins_with(case.index.keys(document), fragment, digits)
    ]
    if options:
        case.fragment = Mention(fragment, Form.TRUNCATED, tuple(options))


def _begins_with(keys: NumberKeys, fragment: str, digits: str) -> bool:
    return keys.whole.startswith(fragment) or keys.digits.startswith(digits) or keys.sequence.startswith(digits)


def _weak_form(case: Case, written: str, document: OpenDocument) -> Form | None:
    keys = case.index.keys(document)
    if len(written) > SHORTEST_TAIL and keys.sequence[:-1] == written.lstrip("0"):
        return Form.CUT
    if keys.digits.endswith(written):
        return Form.TAIL
    if len(written) > SHORTEST_TAIL + 1 and any(
        differs_by_one(written, each) for each in (keys.digits, keys.sequence, keys.whole)
    ):
        return Form.NEAR
    return None


def _agree_on_customers(case: Case) -> None:
    """When the payer is not one customer, numbers that only one customer can mean all of decide."""
    owners = [{option[0].customer_id for option in mention.options} for mention in case.mentions]
    if not owners or all(len(each) == 1 for each in owners):
        return
    common = set.intersection(*owners)
    if not common:
        return
    case.mentions = [
        Mention(m.written, m.form, tuple(option for option in m.options if option[0].customer_id in common))
        for m in case.mentions
    ]
