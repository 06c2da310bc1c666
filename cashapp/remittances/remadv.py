"""EDIFACT REMADV: the remittance advice, one a message."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cashapp.remittances.edifact import Segment, segments_of
from cashapp.remittances.model import MOST_LINES, ZERO, Advice, CodeList, RemittanceRefused, StatedDeduction, StatedLine
from cashapp.remittances.model import credits_fitted as fitted
from cashapp.statements.values import plain_amount

CREDIT_NOTES = frozenset({"381", "261", "262", "83", "420", "532"})
# Qualifiers of amounts (5025): what is paid, what was billed, discount, what is kept back.
PAID = ("12", "11", "113", "143")
GROSS = ("9", "77", "38", "39", "86", "128")
DISCOUNT = ("52", "21", "64")
KEPT_BACK = ("19", "165", "204", "8")
TOTALS = ("12", "9", "86", "11", "143", "128")
# Qualifiers of dates (2005): when it is paid before when the advice was written.
PAID_ON = ("203", "138", "209", "202", "137")
TRACES = ("PQ", "PB", "TN", "AEK", "ACD")


@dataclass(slots=True)
class Document:
    """One DOC group while it is read."""

    head: Segment
    amounts: dict[str, Decimal] = field(default_factory=dict)
    dated_on: date | None = None
    reasons: list[tuple[str, str]] = field(default_factory=list)
    purchase_order: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """One message while it is read."""

    name: str
    reference: str = ""
    amounts: dict[str, Decimal] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    payer: str = ""
    payer_code: str = ""
    payee: str = ""
    payer_account: str = ""
    currency: str = ""
    memo: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    is_summed: bool = False
    """What follows the documents only adds them up."""

    def advice(self) -> Advice:
        """The message as it was read."""
        total = _first(self.amounts, TOTALS)
        trace = next((self.references[each] for each in TRACES if each in self.references), "")
        return Advice(
            file_format="EDIFACT REMADV",
            reference=self.reference,
            trace=trace or self.reference,
            payer=self.payer,
            payer_code=self.payer_code,
            payer_account=self.payer_account,
            payee=self.payee,
            paid_on=next((self.days[each] for each in PAID_ON if each in self.days), None),
            currency=self.currency,
            total=total,
            lines=fitted([_line(document) for document in self.documents], total),
            memo=" ".join(self.memo),
            findings=tuple(self.findings),
        )


def read_edifact(text: str, name: str) -> list[Advice]:
    """Every remittance advice of the interchange."""
    found: list[Advice] = []
    message: Message | None = None
    count, kinds = 0, []
    for segment in segments_of(text, name):
        count += 1
        if segment.name == "UNH":
            kinds.append(segment.of(2))
            message, count = Message(name) if segment.of(2) == "REMADV" else None, 1
        elif segment.name == "UNT" and message is not None:
            if segment.of(1) != str(count):
                message.findings.append(f"The message says that it has {segment.of(1)} segments and has {count}.")
            found.append(message.advice())
            message = None
        elif segment.name == "UNS" and message is not None:
            message.is_summed = True
        elif message is not None and not message.is_summed and (reader := READERS.get(segment.name)):
            reader(message, segment)
    if message is not None:
        raise RemittanceRefused(f"{name} breaks off: a message has no end (UNT). Ask the sender for the whole file.")
    if not found:
        held = ", ".join(sorted(set(kinds))) or "no message"
        raise RemittanceRefused(f"{name} is EDIFACT, but no remittance advice (REMADV). It holds {held}.")
    return found


def _line(document: Document) -> StatedLine:
    kind, number = document.head.of(1), document.head.of(2)
    amounts = document.amounts
    paid, gross = _first(amounts, PAID), _first(amounts, GROSS)
    discount, kept_back = _first(amounts, DISCOUNT), _first(amounts, KEPT_BACK)
    if gross is not None and paid is not None and kept_back is None and document.reasons:
        kept_back = gross - paid - (discount or ZERO) or None
    deductions = _deductions(document, kept_back)
    if gross is None and paid is not None and deductions:
        gross = paid + (discount or ZERO) + sum((each.amount for each in deductions), ZERO)
    return StatedLine(
        number=number,
        paid=paid,
        gross=gross,
        discount=discount,
        deductions=deductions,
        purchase_order=document.purchase_order,
        is_credit=kind in CREDIT_NOTES,
        dated_on=document.dated_on,
        note="; ".join(document.notes)[:400],
        place=f"segment {document.head.number}",
    )


def _deductions(document: Document, amount: Decimal | None) -> tuple[StatedDeduction, ...]:
    if amount is None:
        return ()
    code, words = document.reasons[0] if document.reasons else ("", "")
    return (StatedDeduction(amount, code, CodeList.EDIFACT if code else CodeList.NONE, words),)


def _first(amounts: dict[str, Decimal], qualifiers: Sequence[str]) -> Decimal | None:
    return next((amounts[each] for each in qualifiers if each in amounts), None)


def _bgm(message: Message, segment: Segment) -> None:
    message.reference = segment.of(2)


def _dtm(message: Message, segment: Segment) -> None:
    told = segment.of(1, 1)[:8]
    try:
        day = date.fromisoformat(told) if len(told) == 8 else date.fromisoformat("20" + told)
    except ValueError:
        message.findings.append(f"Segment {segment.number}: “{told}” is no date.")
        return
    if message.documents:
        message.documents[-1].dated_on = message.documents[-1].dated_on or day
    else:
        message.days[segment.of(1)] = day


def _rff(message: Message, segment: Segment) -> None:
    kind, told = segment.of(1), segment.of(1, 1)
    if not message.documents:
        message.references[kind] = told
    elif kind in ("ON", "PO"):
        message.documents[-1].purchase_order = told


def _nad(message: Message, segment: Segment) -> None:
    name = " ".join(part for part in (segment.of(4), segment.of(3)) if part)
    if segment.of(1) in ("PR", "BY", "OB") and not message.payer:
        message.payer, message.payer_code = name, segment.of(2)
    elif segment.of(1) in ("PE", "SU", "BE") and not message.payee:
        message.payee = name


def _cux(message: Message, segment: Segment) -> None:
    message.currency = message.currency or segment.of(1, 1).upper()


def _fii(message: Message, segment: Segment) -> None:
    if segment.of(1) == "OR":
        message.payer_account = segment.of(2)


def _moa(message: Message, segment: Segment) -> None:
    try:
        amount = plain_amount(segment.of(1, 1).replace(",", "."))
    except ValueError:
        raise RemittanceRefused(
            f"{message.name}, segment {segment.number} (MOA): “{segment.of(1, 1)[:30]}” is no amount."
        ) from None
    target = message.documents[-1].amounts if message.documents else message.amounts
    target[segment.of(1)] = target.get(segment.of(1), ZERO) + amount
    message.currency = message.currency or segment.of(1, 2).upper()


def _doc(message: Message, segment: Segment) -> None:
    if len(message.documents) >= MOST_LINES:
        raise RemittanceRefused(f"{message.name} names more than {MOST_LINES:,} documents. Split it.")
    message.documents.append(Document(segment))


def _ajt(message: Message, segment: Segment) -> None:
    if message.documents:
        message.documents[-1].reasons.append((segment.of(1), ""))


def _ftx(message: Message, segment: Segment) -> None:
    words = " ".join(part for place in range(5) if (part := segment.of(4, place)))
    if not message.documents:
        message.memo.append(words)
        return
    document = message.documents[-1]
    if document.reasons and not document.reasons[-1][1]:
        document.reasons[-1] = (document.reasons[-1][0], words)
    else:
        document.notes.append(words)


READERS = {
    "BGM": _bgm, "DTM": _dtm, "RFF": _rff, "NAD": _nad, "CUX": _cux, "FII": _fii, "MOA": _moa, "DOC": _doc,
    "AJT": _ajt, "FTX": _ftx,
}  # fmt: skip
