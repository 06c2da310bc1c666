"""The loops that X12 820 and 823 share: a payment (BPR, TRN) and the documents that it is for (RMR, REF, DTM, ADX)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cashapp.remittances.model import MOST_LINES, ZERO, Advice, CodeList, RemittanceRefused, StatedDeduction, StatedLine
from cashapp.remittances.model import credits_fitted as fitted
from cashapp.remittances.x12 import Segment, amount_of, date_of

CUSTOMER_NUMBERS = ("AC", "AJ", "11", "14", "23", "CR", "IA", "4N")
CREDIT_NOTES = frozenset({"CM", "CL", "CN", "CE"})
ORDERS = frozenset({"PO", "ON", "CO"})


@dataclass(slots=True)
class Document:
    """One RMR loop while it is read."""

    head: Segment
    purchase_order: str = ""
    dated_on: date | None = None
    notes: list[str] = field(default_factory=list)
    adjustments: list[StatedDeduction] = field(default_factory=list)


@dataclass(slots=True)
class Payment:
    """One BPR loop while it is read."""

    name: str
    file_format: str
    total: Decimal | None = None
    trace: str = ""
    reference: str = ""
    payer: str = ""
    payee: str = ""
    payer_codes: dict[str, str] = field(default_factory=dict)
    payer_account: str = ""
    paid_on: date | None = None
    currency: str = ""
    purchase_orders: list[str] = field(default_factory=list)
    memo: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def read(self, segment: Segment) -> None:
        """Take one segment in; those that say nothing about money are passed over."""
        reader = READERS.get(segment.name)
        if reader is not None:
            reader(self, segment)

    def advice(self) -> Advice:
        """The payment as it was read."""
        lines = [self._line(document) for document in self.documents]
        if not lines:
            lines = [StatedLine(purchase_order=order) for order in self.purchase_orders]
        code = next((self.payer_codes[each] for each in CUSTOMER_NUMBERS if each in self.payer_codes), "")
        return Advice(
            file_format=self.file_format,
            reference=self.reference or self.trace,
            trace=self.trace,
            payer=self.payer,
            payer_code=code,
            payer_account=self.payer_account,
            payee=self.payee,
            paid_on=self.paid_on,
            currency=self.currency,
            total=self.total,
            lines=fitted(lines, self.total),
            memo=" ".join(self.memo),
            findings=tuple(self.findings),
        )

    def _line(self, document: Document) -> StatedLine:
        head = document.head
        paid, gross, discount = (amount_of(head, place, self.name) for place in (4, 5, 6))
        is_order = head.of(1) in ORDERS
        notes = list(document.notes)
        return StatedLine(
            number="" if is_order else head.of(2),
            paid=paid,
            gross=gross,
            discount=discount,
            deductions=self._deductions(document, paid, gross, discount, notes),
            purchase_order=head.of(2) if is_order else document.purchase_order,
            is_credit=head.of(1) in CREDIT_NOTES,
            dated_on=document.dated_on,
            note="; ".join(notes)[:400],
            place=f"segment {head.number}",
        )

    def _deductions(
        self,
        document: Document,
        paid: Decimal | None,
        gross: Decimal | None,
        discount: Decimal | None,
        notes: list[str],
    ) -> tuple[StatedDeduction, ...]:
        """Adjustments that explain gross less paid; others only say how an amount is made up, and become notes.

        The standard gives deductions a minus; some senders write them without.
        """
        told = document.adjustments
        turned = tuple(StatedDeduction(-each.amount, each.code, each.code_list, each.words) for each in told)
        if not told or gross is None or paid is None:
            return turned
        missing = gross - (discount or ZERO) - paid
        for reading in (turned, tuple(told)):
            if sum((each.amount for each in reading), ZERO) == missing:
                return reading
        notes += [f"{each.words or 'Adjustment'} {each.amount}" for each in told]
        if missing:
            self.findings.append(
                f"{document.head.of(2)}: the adjustments do not explain why {paid} of {gross} are paid."
            )
        return ()


def _bpr(payment: Payment, segment: Segment) -> None:
    payment.total = amount_of(segment, 2, payment.name)
    if segment.of(3) == "D" and payment.total is not None:
        payment.total = -payment.total
    payment.payer_account = segment.of(9)
    days = [day for place in (16, 15) if (day := date_of(segment.of(place)))]
    payment.paid_on = days[0] if days else payment.paid_on


def _trn(payment: Payment, segment: Segment) -> None:
    payment.trace = segment.of(2)


def _cur(payment: Payment, segment: Segment) -> None:
    payment.currency = segment.of(2).upper()


def _n1(payment: Payment, segment: Segment) -> None:
    if segment.of(1) == "PR" and not payment.payer:
        payment.payer = segment.of(2)
    elif segment.of(1) == "PE" and not payment.payee:
        payment.payee = segment.of(2)


def _ref(payment: Payment, segment: Segment) -> None:
    kind, told = segment.of(1), segment.of(2)
    if payment.documents:
        if kind in ORDERS:
            payment.documents[-1].purchase_order = told
        elif segment.of(3):
            payment.documents[-1].notes.append(segment.of(3))
    elif kind in ORDERS:
        payment.purchase_orders.append(told)
    else:
        payment.payer_codes.setdefault(kind, told)


def _dtm(payment: Payment, segment: Segment) -> None:
    day = date_of(segment.of(2))
    if payment.documents and segment.of(1) in ("003", "004"):
        payment.documents[-1].dated_on = payment.documents[-1].dated_on or day
    elif not payment.documents and payment.paid_on is None:
        payment.paid_on = day


def _rmr(payment: Payment, segment: Segment) -> None:
    if len(payment.documents) >= MOST_LINES:
        raise RemittanceRefused(f"{payment.name} names more than {MOST_LINES:,} documents in one payment. Split it.")
    payment.documents.append(Document(segment))


def _adx(payment: Payment, segment: Segment) -> None:
    amount = amount_of(segment, 1, payment.name)
    if amount is None:
        return
    code, words = segment.of(2), " ".join(part for part in (segment.of(3), segment.of(4)) if part)
    adjustment = StatedDeduction(amount, code, CodeList.X12, words)
    if payment.documents:
        payment.documents[-1].adjustments.append(adjustment)
    else:
        payment.findings.append(f"{words or 'An adjustment'} of {amount} is about no document.")


def _sac(payment: Payment, segment: Segment) -> None:
    """An allowance (A) or charge (C) on a document; its amount is in cents."""
    told = segment.of(5)
    if not payment.documents or not told.isdecimal():
        return
    cents = Decimal(told).scaleb(-2)
    amount = -cents if segment.of(1) == "A" else cents
    words = segment.of(15) or segment.of(2)
    payment.documents[-1].adjustments.append(StatedDeduction(amount, segment.of(2), CodeList.OWN, words))


def _nte(payment: Payment, segment: Segment) -> None:
    target = payment.documents[-1].notes if payment.documents else payment.memo
    target.append(segment.of(2))


READERS = {
    "BPR": _bpr, "TRN": _trn, "CUR": _cur, "N1": _n1, "REF": _ref, "DTM": _dtm, "RMR": _rmr, "ADX": _adx, "SAC": _sac,
    "NTE": _nte,
}  # fmt: skip


def advice_of(name: str, file_format: str, segments: Sequence[Segment]) -> Payment:
    """Read the segments of one payment."""
    payment = Payment(name, file_format)
    for segment in segments:
        payment.read(segment)
    return payment
