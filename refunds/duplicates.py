"""Which receipts look as if they were paid twice. Pure.

The same payer with the same amount and the same reference within 45 days, or money for a document that was settled
before it came. Only money that nothing has used yet is looked at: what paid a document was no duplicate.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.money import Money
from customers.names import name_key

WITHIN = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Came:
    """A receipt as the bank told of it."""

    pk: int
    number: str
    customer: int
    money: Money
    received_on: date
    payer: str
    payer_account: str
    text: str
    is_unused: bool

    @property
    def reference(self) -> str:
        """The payer's words by their letters and digits alone."""
        return letters_of(self.text)

    def is_of_the_payer_of(self, other: "Came") -> bool:
        """The same account, or where one of them names none, the same name."""
        if self.payer_account and other.payer_account:
            return self.payer_account == other.payer_account
        return bool(self.payer) and name_key(self.payer) == name_key(other.payer)


@dataclass(frozen=True, slots=True)
class Settled:
    """A document that was settled, and since when."""

    pk: int
    number: str
    customer: int
    money: Money
    settled_on: date


@dataclass(frozen=True, slots=True)
class Found:
    """A suspicion with what shows it: the earlier payment, or the document."""

    receipt: int
    evidence: str
    twin: int | None = None
    document: int | None = None


def letters_of(text: str) -> str:
    """Capitals and digits."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def duplicates_in(receipts: Sequence[Came], documents: Iterable[Settled]) -> Iterator[Found]:
    """Every unused receipt that looks paid twice, once each; an earlier twin says more than a settled document."""
    in_order = sorted(receipts, key=lambda one: (one.received_on, one.pk))
    settled = list(documents)
    for place, one in enumerate(in_order):
        if one.is_unused:
            found = _twin_of(one, in_order[:place]) or _document_of(one, settled)
            if found is not None:
                yield found


def _twin_of(one: Came, earlier: Sequence[Came]) -> Found | None:
    for other in reversed(earlier):
        if one.received_on - other.received_on > WITHIN:
            return None
        same = other.money == one.money and other.reference == one.reference and one.reference
        if same and one.is_of_the_payer_of(other):
            days = (one.received_on - other.received_on).days
            when = "the same day" if days == 0 else f"{days} day{'s' if days > 1 else ''} before"
            evidence = f"{one.payer or 'The payer'} sent {one.money} with “{one.text[:120]}” {when} as {other.number}."
            return Found(one.pk, evidence, twin=other.pk)
    return None


def _document_of(one: Came, settled: Sequence[Settled]) -> Found | None:
    for document in settled:
        if document.customer != one.customer or document.money != one.money or document.settled_on > one.received_on:
            continue
        if letters_of(document.number) in one.reference:
            evidence = (
                f"It names {document.number} of {document.money}, which was settled on {document.settled_on:%d %b %Y}."
            )
            return Found(one.pk, evidence, document=document.pk)
    return None
