"""Several statements of one account on one day: which of them began it, and which of them ended it. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol, TypeVar


class Balanced(Protocol):
    """A statement with the balances that it goes from and to, as far as it tells them."""

    opening: Decimal | None
    closing: Decimal | None


Statement = TypeVar("Statement", bound=Balanced)


def first_of(statements: Sequence[Statement]) -> Statement:
    """The one to which none of the others leads; in doubt the first as they are given."""
    found = [each for each in statements if each.opening not in _closings(statements, each)]
    return (found or list(statements))[0]


def last_of(statements: Sequence[Statement]) -> Statement:
    """The one that leads to none of the others; in doubt the last as they are given."""
    found = [each for each in statements if each.closing not in _openings(statements, each)]
    return (found or list(statements))[-1]


def _closings(statements: Sequence[Balanced], but: Balanced) -> set[Decimal | None]:
    return {each.closing for each in statements if each is not but}


def _openings(statements: Sequence[Balanced], but: Balanced) -> set[Decimal | None]:
    return {each.opening for each in statements if each is not but}
