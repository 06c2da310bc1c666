"""Turning an entry's amounts into the entity's currency so that both sides still agree to the cent."""

from collections.abc import Sequence
from decimal import Decimal

from core.currencies import minor_units
from core.money import ZERO, round_to_currency
from ledger.posting.drafts import LineDraft
from ledger.posting.errors import Unbalanced


def base_amounts(lines: Sequence[LineDraft], rate: Decimal, currency: str) -> list[Decimal]:
    """What the lines are worth in the books' currency, debits positive and credits negative.

    Rounding every line can leave a cent between the sides. The largest line that may give takes it: one that is no
    open item and whose value nobody stated.
    """
    signed = [_signed_base(line, rate, currency) for line in lines]
    difference = sum(signed, ZERO)
    if difference:
        signed[_giving_line(lines, signed, difference, currency)] -= difference
    return signed


def _signed_base(line: LineDraft, rate: Decimal, currency: str) -> Decimal:
    """A line without an amount states its value with its sign; any other states it without."""
    if not line.debit and not line.credit:
        return line.base or ZERO
    base = round_to_currency((line.debit + line.credit) * rate, currency) if line.base is None else line.base
    return -base if line.credit else base


def _giving_line(lines: Sequence[LineDraft], signed: Sequence[Decimal], difference: Decimal, currency: str) -> int:
    giving = [index for index, line in enumerate(lines) if line.base is None and line.item is None]
    largest_gap = Decimal(len(lines)).scaleb(-minor_units(currency))
    if not giving or abs(difference) > largest_gap:
        raise Unbalanced(f"Debits and credits differ by {abs(difference)} {currency} in the currency of the books.")
    return max(giving, key=lambda index: abs(signed[index]))
