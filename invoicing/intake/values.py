"""Single cells of such files. What can't be read raises ValueError with a sentence. Pure."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from customers.importing.columns import squeezed
from invoicing.models import Amendment, Contract, ContractLine

DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
CYCLES = {
    "monthly": "monthly", "month": "monthly", "monatlich": "monthly", "quarterly": "quarterly", "quarter": "quarterly",
    "annual": "annual", "annually": "annual", "yearly": "annual", "year": "annual", "jahrlich": "annual",
    "fixed": "fixed", "once": "fixed", "onetime": "fixed", "einmalig": "fixed", "usage": "usage", "metered": "usage",
}  # fmt: skip
TIMINGS = {
    "advance": "advance", "inadvance": "advance", "arrears": "arrears", "inarrears": "arrears", "prepaid": "advance",
    "postpaid": "arrears",
}  # fmt: skip
KINDS = {
    **{squeezed(value): value for value in Contract.Kind.values},
    "service": "service", "recurringservice": "service", "saas": "subscription", "neworder": "order", "new": "order",
}  # fmt: skip
CHANGES = {
    **{squeezed(value): value for value in Amendment.Kind.values},
    "addedusers": "add", "addusers": "add", "added": "add", "removedusers": "remove", "removeusers": "remove",
    "removed": "remove", "pricechange": "price", "cancel": "early_end", "cancellation": "early_end",
    "end": "early_end", "termination": "early_end", "buyout": "buy_out", "renew": "renewal",
}  # fmt: skip


def date_of(text: str) -> date:
    """15 January 2026 as 2026-01-15, 15.01.2026 or 15/01/2026; the day comes before the month."""
    if found := DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}([ T][\d:.]+)?", text):
        year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    else:
        raise ValueError(f"“{text}” is no date; write it as 2026-01-15 or 15.01.2026.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"“{text}” is no day of the calendar.") from None


def number_of(text: str, decimal_sign: str) -> Decimal:
    """A number with the agreed sign before its decimals; a minus may stand before it."""
    plain = re.sub(r"[\s\u00a0£€$%']", "", text).replace("\u2212", "-")
    grouping = "," if decimal_sign == "." else "."
    if grouping in plain and not re.fullmatch(rf"-?\d{{1,3}}(?:\{grouping}\d{{3}})+(?:\{decimal_sign}\d*)?", plain):
        raise ValueError(f"“{text}” is not a number with “{decimal_sign}” before the decimals.")
    try:
        number = Decimal(plain.replace(grouping, "").replace(decimal_sign, "."))
    except InvalidOperation:
        raise ValueError(f"“{text}” is not a number.") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        raise ValueError(f"“{text}” can't be meant.")
    return number


def whole_of(text: str) -> int:
    """A number without decimals."""
    if not re.fullmatch(r"\d{1,4}", text):
        raise ValueError(f"“{text}” is not a whole number.")
    return int(text)


def cycle_of(text: str) -> str:
    """How often a line is billed."""
    return _one_of(CYCLES, text, ", ".join(ContractLine.Cycle.values))


def timing_of(text: str) -> str:
    """Whether it is billed in advance."""
    return _one_of(TIMINGS, text, "advance or arrears")


def kind_of(text: str) -> str:
    """The kind of contract."""
    return _one_of(KINDS, text, ", ".join(Contract.Kind.values))


def change_of(text: str) -> str:
    """The kind of amendment."""
    return _one_of(CHANGES, text, ", ".join(Amendment.Kind.values))


def _one_of(names: dict[str, str], text: str, allowed: str) -> str:
    found = names.get(squeezed(text))
    if found is None:
        raise ValueError(f"“{text}” is none of {allowed}.")
    return found
