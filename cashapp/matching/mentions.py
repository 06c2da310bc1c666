"""Which of our numbers does a text name? Every group of digits is explained, left over as ours but unknown, or noise.

A mention keeps all documents that it may mean (`options`); who pays and how much decides between them later.
"""

from cashapp.matching.facts import BankLine, OpenDocument
from cashapp.matching.index import SHORTEST_CUT_NUMBER, OpenIndex
from cashapp.matching.numbers import Form, is_written_so
from cashapp.matching.reading import CLEAR_DIGITS, Mention, Reading, Span, begin_reading
from cashapp.matching.text import CONFUSABLE, CONFUSABLE_LETTERS, compact, creditor_references, joinable, plain

MOST_OPTIONS = 60
CODE_WORDS = frozenset("CUST CUSTOMER CLIENT KUNDE KUNDENNR KUNDENNUMMER KD KDNR ACCOUNT ACCT".split())
OTHER_NUMBERS = CODE_WORDS | frozenset("PO ORDER BESTELLUNG AC TEL PHONE VAT SORT CODE".split())


def read(line: BankLine, index: OpenIndex) -> Reading:
    reading = begin_reading(line)
    _read_references(reading, index)
    if any(group.is_digits for group in reading.groups):
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


def _read_exact(reading: Reading, index: OpenIndex) -> None:
    """Whole numbers, numbers without prefix, purchase orders and customer codes."""
    for span in reading.free_spans():
        mention = _exact_mention(span, index)
        customer_id = index.by_code.get(span.written) if _may_be_code(reading, span) else None
        if mention is None and customer_id is None:
            continue
        reading.take(span)
        if mention is not None:
            reading.mentions.append(mention)
        elif customer_id is not None:
            reading.customers_named[customer_id] = "Customer code in reference"


def _may_be_code(reading: Reading, span: Span) -> bool:
    """A code of digits only counts after a word that says so; it looks like any other number."""
    if span.is_digits:
        before = {group.text for group in reading.groups[max(0, span.first - 2) : span.first]}
        return bool(before & CODE_WORDS)
    return len(span.written) >= CLEAR_DIGITS


def _exact_mention(span: Span, index: OpenIndex) -> Mention | None:
    if documents := index.by_whole.get(span.written):
        return _mention(span.written, Form.WHOLE, documents)
    if len(span.written) < CLEAR_DIGITS:
        return None
    if documents := index.by_purchase_order.get(span.written):
        return _order_mention(span.written, documents)
    if span.is_digits and (documents := index.by_digits.get(span.written)):
        return _mention(span.written, Form.DIGITS, documents)
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
    for span in reading.free_spans():
        if span.is_digits or not CONFUSABLE_LETTERS.intersection(span.written):
            continue
        repaired = span.written.translate(CONFUSABLE)
        documents = index.by_repaired.get(repaired) or (repaired.isdigit() and index.by_digits.get(repaired))
        if documents and len(repaired) > CLEAR_DIGITS:
            reading.take(span)
            reading.mentions.append(_mention(span.written, Form.REPAIRED, documents))


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
    reading.fragment = "".join(group.text for group in groups[first:])
    reading.take(Span(first, len(groups) - 1, reading.fragment, is_digits=False))


def _read_cut(reading: Reading, index: OpenIndex) -> None:
    """The last digit of the number got lost."""
    for span in reading.free_spans():
        if not span.is_digits or _is_called_otherwise(reading, span.first):
            continue
        if len(span.written) > SHORTEST_CUT_NUMBER and (documents := index.by_cut.get(span.written)):
            reading.take(span)
            reading.mentions.append(_mention(span.written, Form.CUT, documents + _by_running_number(span, index)))


def _by_running_number(span: Span, index: OpenIndex) -> list[OpenDocument]:
    if span.first != span.last:
        return []
    found = index.by_sequence.get(span.written.lstrip("0"), [])
    return [document for document in found if is_written_so(span.written, index.keys(document))]


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
            reading.taken[place] = True
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
    for span in reading.free_spans():
        if len(span.written) > CLEAR_DIGITS and index.is_our_shape(span.written):
            reading.take(span)
            reading.unknown_numbers.append(span.written)


def _merged(mentions: list[Mention]) -> list[Mention]:
    """The same document named twice is one mention, its strongest."""
    kept: dict[frozenset[frozenset[object]], Mention] = {}
    for mention in sorted(mentions, key=lambda each: each.form):
        meaning = frozenset(frozenset(document.id for document in option) for option in mention.options)
        kept.setdefault(meaning, mention)
    return list(kept.values())
