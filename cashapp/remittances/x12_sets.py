"""X12 820 (one payment a set) and 823 (a lockbox: many payments a set)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from cashapp.remittances.model import Advice, RemittanceRefused
from cashapp.remittances.x12 import Segment, TransactionSet, date_of, transaction_sets
from cashapp.remittances.x12_payment import advice_of


def read_x12(text: str, name: str) -> list[Advice]:
    """Every payment that the file explains."""
    found: list[Advice] = []
    others: list[str] = []
    for each in transaction_sets(text, name):
        if each.kind == "820":
            found.append(_payment_order(each, name))
        elif each.kind == "823":
            found += _lockbox(each, name)
        else:
            others.append(each.kind)
    if not found:
        held = f"It holds {', '.join(sorted(set(others)))}." if others else "It holds no set."
        raise RemittanceRefused(f"{name} is X12, but neither an 820 nor an 823. {held}")
    return found


def _payment_order(told: TransactionSet, name: str) -> Advice:
    payment = advice_of(name, "X12 820", told.segments)
    payment.findings[:0] = told.findings
    return payment.advice()


def _lockbox(told: TransactionSet, name: str) -> Iterator[Advice]:
    """What stands before the first payment is about the deposit: its day holds for payments that have none."""
    starts = [place for place, segment in enumerate(told.segments) if segment.name == "BPR"]
    if not starts:
        raise RemittanceRefused(f"{name}: the lockbox (823) has no payment (BPR).")
    head = told.segments[: starts[0]]
    deposited_on = next((day for day in map(_deposit_day, head) if day), None)
    lockbox = next((segment.of(1) for segment in head if segment.name == "DEP"), "")
    for first, end in zip(starts, [*starts[1:], len(told.segments)], strict=True):
        payment = advice_of(name, "X12 823", told.segments[first:end])
        payment.findings[:0] = told.findings
        payment.payer = payment.payer or payment.payee
        payment.paid_on = payment.paid_on or deposited_on
        advice = payment.advice()
        yield replace(advice, memo=advice.memo or f"Lockbox {lockbox}".strip())


def _deposit_day(segment: Segment) -> date | None:
    return date_of(segment.of(2)) if segment.name in ("DEP", "DTM") else None
