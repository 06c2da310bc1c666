"""A small stage for matching: a few customers, what they owe, and lines that a bank might deliver."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from cashapp.matching import BankLine, KnownCustomer, MatchProposal, OpenDocument, OpenIndex, Side, match_line

BOOKED = date(2026, 5, 20)
ACME_ACCOUNT = "DE89370400440532013000"
BOLT_ACCOUNT = "GB29NWBK60161331926819"
ACME = KnownCustomer(1, "C000001", "Acme Steel Works GmbH", (ACME_ACCOUNT,))
BOLT = KnownCustomer(2, "C000002", "Bolt & Nut Trading Ltd", (BOLT_ACCOUNT,))


def invoice(number: str, amount: int, *, customer: int = 1, due: date = date(2026, 5, 15), **more: Any) -> OpenDocument:
    facts: dict[str, Any] = {
        "id": number,
        "number": number,
        "customer_id": customer,
        "kind": "invoice",
        "side": Side.DEBIT,
        "open": amount,
        "amount": amount,
        "currency": "EUR",
        "document_on": due - timedelta(days=30),
        "due_on": due,
    }
    return OpenDocument(**(facts | more))


def credit_note(number: str, amount: int, **more: Any) -> OpenDocument:
    return invoice(number, amount, **({"kind": "credit_note", "side": Side.CREDIT} | more))


def index_of(*documents: OpenDocument, customers: Iterable[KnownCustomer] = (ACME, BOLT)) -> OpenIndex:
    index = OpenIndex()
    index.add_customers(customers)
    for document in documents:
        index.add(document)
    return index


def line(amount: int, text: str = "", **more: Any) -> BankLine:
    facts: dict[str, Any] = {
        "id": "line",
        "booked_on": BOOKED,
        "amount": amount,
        "currency": "EUR",
        "text": text,
        "payer": "ACME STEEL WORKS GMBH",
        "payer_account": ACME_ACCOUNT,
    }
    return BankLine(**(facts | more))


def match(index: OpenIndex, amount: int, text: str = "", **more: Any) -> MatchProposal:
    return match_line(line(amount, text, **more), index)


def paid(proposal: MatchProposal) -> dict[str, int]:
    return {each.document.number: each.amount for each in proposal.applied}
