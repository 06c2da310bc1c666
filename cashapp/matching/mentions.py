"""Which of our numbers does a text name? Every group of digits is explained, left over as ours but unknown, or noise.

A mention keeps all documents that it may mean (`options`); who pays and how much decides between them later.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cashapp.matching.facts import BankLine, OpenDocument
from cashapp.matching.index import SHORTEST_CUT_NUMBER, OpenIndex
from cashapp.matching.numbers import Form, is_written_so, joined
from cashapp.matching.text import (
    CONFUSABLE,
    CONFUSABLE_LETTERS,
    Group,
    compact,
    creditor_references,
    groups_of,
    is_cut,
    joinable,
    looks_like_date,
    looks_like_year,
    plain,
    without_noise,
)

LONGEST_SPAN = 8
CLEAR_DIGITS = 4
MOST_OPTIONS = 60
CODE_WORDS = frozenset("CUST CUSTOMER CLIENT KUNDE KUNDENNR KUNDENNUMMER KD KDNR ACCOUNT ACCT".split())
OTHER_NUMBERS = CODE_WORDS | frozenset("PO ORDER BESTELLUNG AC TEL PHONE VAT SORT CODE".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """Some characters of the text that name one of the options."""

    written: str
    form: Form
    options: tuple[tuple[OpenDocument, ...], ...]

    @property
    def is_clear(self) -> bool:
        """Too much for a coincidence: letters of the series, or enough digits."""
        if self.form >= Form.TAIL:
            return False
        if looks_like_year(self.written) or looks_like_date(self.written):
            return False
        digits = sum(c.isdigit() for c in self.written.lstrip("0"))
        return digits >= CLEAR_DIGITS or (self.form is Form.WHOLE and not self.written.isdigit())

    @property
    def stands_alone(self) -> bool:
        """Means one document of ours, whoever pays."""
        return self.form in (Form.REFERENCE, Form.WHOLE, Form.DIGITS) and self.is_clear


@dataclass(slots=True)
class Reading:
    """All that a line says."""

    line: BankLine
    text: str
    groups: list[Group]
    is_cut: bool
    taken: list[bool]
    mentions: list[Mention] = field(default_factory=list)
    customers_named: dict[int, str] = field(default_factory=dict)
    unknown_numbers: list[str] = field(default_factory=list)
    fragment: str = ""
    """What is left of the last number when the bank cut the text off."""

    def free_digits(self) -> Iterator[Group]:
        return (group for group, taken in zip(self.groups, self.taken, strict=True) if group.is_digits and not taken)

    def take(self, first: int, last: int) -> None:
        for place in range(first, last + 1):
            self.taken[place] = True


def read(line: BankLine, index: OpenIndex) -> Reading:
    text = without_noise(plain(line.text))
    groups = groups_of(text)
    reading = Reading(line, text, groups, is_cut(line.text), [False] * len(groups))
    _read_references(reading, index)
    if any(group.is_digits for group in groups):
        _read_exact(reading, index)
        _read_repaired(reading, index)
        _set_fragment_aside(reading, index)
        _read_cut(reading, index)
        _read_sequences(reading, index)
        _note_unknown(reading, index)
    reading.mentions = _merged(reading.mentions)
    return reading


def _read_references(reading: Reading, index: OpenIndex) -> None:
    line = reading.line
    stated = [compact(each) for each in (*line.references, line.end_to_end) if each]
    for reference in dict.fromkeys([*stated, *creditor_references(plain(line.text))]):
        if customer_id := index.by_payment_reference.get(reference):
            reading.customers_named[customer_id] = "Customer's payment reference"
        documents = index.by_reference.get(reference) or index.by_whole.get(reference)
        if documents:
            reading.mentions.append(Mention(reference, Form.REFERENCE, tuple((each,) for each in documents)))


def _spans(reading: Reading) -> Iterator[tuple[int, int]]:
    """Neighbouring groups that may be one number, longest first, none of them taken yet."""
    groups, count = reading.groups, len(reading.groups)
    reach = [0] * count
    for place in range(count - 1, -1, -1):
        goes_on = place + 1 < count and joinable(reading.text, groups[place], groups[place + 1])
        reach[place] = reach[place + 1] + 1 if goes_on else 1
    for first in range(count):
        for length in range(min(reach[first], LONGEST_SPAN), 0, -1):
            last = first + length - 1
            if not any(reading.taken[first : last + 1]):
                yield first, last


def _read_exact(reading: Reading, index: OpenIndex) -> None:
    """Whole numbers, numbers without prefix, purchase orders and customer codes."""
    for first, last in _spans(reading):
        groups = reading.groups[first : last + 1]
        written = joined(groups)
        mention = _exact_mention(written, groups, index)
        customer_id = index.by_code.get(written) if _may_be_code(reading, first, written) else None
        if mention is None and customer_id is None:
            continue
        reading.take(first, last)
        if mention is not None:
            reading.mentions.append(mention)
        elif customer_id is not None:
            reading.customers_named[customer_id] = "Customer code in reference"


def _may_be_code(reading: Reading, first: int, written: str) -> bool:
    """A code of digits only counts after a word that says so; it looks like any other number."""
    if written.isdigit():
        before = {group.text for group in reading.groups[max(0, first - 2) : first]}
        return bool(before & CODE_WORDS)
    return len(written) >= CLEAR_DIGITS and any(c.isdigit() for c in written)


def _exact_mention(written: str, groups: list[Group], index: OpenIndex) -> Mention | None:
    if not any(group.is_digits for group in groups):
        return None
    if documents := index.by_whole.get(written):
        return _mention(written, Form.WHOLE, documents)
    if len(written) >= CLEAR_DIGITS and (documents := index.by_purchase_order.get(written)):
        return _order_mention(written, documents)
    if written.isdigit() and len(written) >= CLEAR_DIGITS and (documents := index.by_digits.get(written)):
        return _mention(written, Form.DIGITS, documents)
    return None


def _mention(written: str, form: Form, documents: list[OpenDocument]) -> Mention:
    return Mention(written, form, tuple((document,) for document in documents[-MOST_OPTIONS:]))


def _order_mention(written: str, documents: list[OpenDocument]) -> Mention:
    """A purchase order may mean one of its invoices, or all that are open."""
    options: list[tuple[OpenDocument, ...]] = [(document,) for document in documents[-MOST_OPTIONS:]]
    still_open = tuple(document for document in documents if document.open)
    if len(still_open) > 1:
        options.append(still_open)
    return Mention(written, Form.PURCHASE_ORDER, tuple(options))


def _read_repaired(reading: Reading, index: OpenIndex) -> None:
    """O for 0, I for 1, S for 5 and their like, in words that mix letters and digits."""
    for first, last in _spans(reading):
        groups = reading.groups[first : last + 1]
        written = joined(groups)
        if not _looks_misread(groups):
            continue
        repaired = written.translate(CONFUSABLE)
        documents = index.by_repaired.get(repaired) or (repaired.isdigit() and index.by_digits.get(repaired))
        if documents and len(repaired) > CLEAR_DIGITS:
            reading.take(first, last)
            reading.mentions.append(_mention(written, Form.REPAIRED, documents))


def _looks_misread(groups: list[Group]) -> bool:
    has_digits = any(group.is_digits for group in groups)
    return has_digits and any(CONFUSABLE_LETTERS.intersection(group.text) for group in groups if not group.is_digits)


def _set_fragment_aside(reading: Reading, index: OpenIndex) -> None:
    """The last number of a text that was cut off may have lost any of its digits, so it names nothing."""
    if not reading.is_cut or reading.taken[-1] or reading.groups[-1].end < len(reading.text):
        return
    groups = reading.groups
    first = len(groups) - 1
    while first > 0 and groups[first - 1].end == groups[first].start:
        first -= 1
    start = first
    while start > 0 and not reading.taken[start - 1] and joinable(reading.text, groups[start - 1], groups[start]):
        start -= 1
        if groups[start].text in index.prefixes:
            first = start
            break
    reading.take(first, len(groups) - 1)
    reading.fragment = joined(groups[first:])


def _read_cut(reading: Reading, index: OpenIndex) -> None:
    """The last digit of the number got lost."""
    for first, last in _spans(reading):
        groups = reading.groups[first : last + 1]
        if not all(group.is_digits for group in groups) or _is_called_otherwise(reading, first):
            continue
        written = joined(groups)
        if len(written) > SHORTEST_CUT_NUMBER and (documents := index.by_cut.get(written)):
            reading.take(first, last)
            options = documents + _by_running_number(written, groups, index)
            reading.mentions.append(_mention(written, Form.CUT, options))


def _by_running_number(written: str, groups: list[Group], index: OpenIndex) -> list[OpenDocument]:
    if len(groups) > 1:
        return []
    found = index.by_sequence.get(written.lstrip("0"), [])
    return [document for document in found if is_written_so(written, index.keys(document))]


def _read_sequences(reading: Reading, index: OpenIndex) -> None:
    """Only the running number was written."""
    for place, group in enumerate(reading.groups):
        if reading.taken[place] or not group.is_digits or _is_called_otherwise(reading, place):
            continue
        written = _with_tight_neighbours(reading, place)
        documents = [
            document
            for document in index.by_sequence.get(group.text.lstrip("0"), [])
            if is_written_so(group.text, index.keys(document)) and index.keys(document).digits.endswith(written)
        ]
        if documents:
            reading.take(place, place)
            reading.mentions.append(_mention(group.text, Form.SEQUENCE, documents))


def _is_called_otherwise(reading: Reading, place: int) -> bool:
    """The word before says that this is somebody's order, telephone or account."""
    return place > 0 and reading.groups[place - 1].text in OTHER_NUMBERS


def _with_tight_neighbours(reading: Reading, place: int) -> str:
    """`2025-000123` is one number, so `000123` alone says too little; `1234/1250` are two."""
    group = reading.groups[place]
    if place == 0 or reading.taken[place - 1]:
        return group.text.lstrip("0")
    before = reading.groups[place - 1]
    if before.is_digits and reading.text[before.end : group.start] in ("-", "."):
        return before.text + group.text
    return group.text.lstrip("0")


def _note_unknown(reading: Reading, index: OpenIndex) -> None:
    """Numbers written like ours that we don't know: not issued, of another company, or damaged beyond repair."""
    for first, last in _spans(reading):
        groups = reading.groups[first : last + 1]
        written = joined(groups)
        has_digits = any(group.is_digits for group in groups)
        if has_digits and len(written) > CLEAR_DIGITS and index.is_our_shape(written):
            reading.take(first, last)
            reading.unknown_numbers.append(written)


def _merged(mentions: list[Mention]) -> list[Mention]:
    """The same document named twice is one mention, its strongest."""
    kept: dict[frozenset[frozenset[object]], Mention] = {}
    for mention in sorted(mentions, key=lambda each: each.form):
        meaning = frozenset(frozenset(document.id for document in option) for option in mention.options)
        kept.setdefault(meaning, mention)
    return list(kept.values())
