"""What a company starts with: the reference rates that are known, and the law of the places that have one.

Rates are those of docs/late-interest.md, with where they were read. They are data from the first minute: what the banks
decide next is written down on the page, and never here.
"""

from decimal import Decimal
from typing import NamedTuple

from ar_collections.late_interest import Method
from ar_collections.models.late_interest import EU, Reference

OFFICIAL = "Bank Rate, as published for late payment"
PUBLISHED = "Main refinancing operations, Department of Enterprise, Ireland"
BY_DECISION = "Bank Rate, decision of the Monetary Policy Committee"
RATES: dict[Reference, list[tuple[int, int, str, str]]] = {
    Reference.BANK_OF_ENGLAND: [
        (2020, 1, "0.75", OFFICIAL), (2020, 7, "0.10", OFFICIAL),
        (2021, 1, "0.10", OFFICIAL), (2021, 7, "0.10", OFFICIAL),
        (2022, 1, "0.25", OFFICIAL), (2022, 7, "1.25", OFFICIAL),
        (2023, 1, "3.50", OFFICIAL), (2023, 7, "5.00", OFFICIAL),
        (2024, 1, "5.25", OFFICIAL), (2024, 7, "5.25", BY_DECISION),
        (2025, 1, "4.75", BY_DECISION), (2025, 7, "4.25", BY_DECISION),
        (2026, 1, "3.75", BY_DECISION), (2026, 7, "3.75", BY_DECISION),
    ],
    Reference.ECB: [
        (2023, 1, "2.50", PUBLISHED), (2023, 7, "4.00", PUBLISHED),
        (2024, 1, "4.50", PUBLISHED), (2024, 7, "4.25", PUBLISHED),
        (2025, 1, "3.15", "Main refinancing operations, to be checked"),
        (2025, 7, "2.15", "Main refinancing operations, to be checked"),
        (2026, 1, "2.15", "Main refinancing operations, to be checked"),
    ],
}  # fmt: skip


class Law(NamedTuple):
    """The terms of a place before they belong to a company."""

    place: str
    method: Method
    reference: str
    percent: Decimal
    currency: str
    tiers: list[tuple[Decimal, Decimal]]
    basis: str


def _tiers(*pairs: tuple[int, int]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(start), Decimal(amount)) for start, amount in pairs]


LAWS = (
    Law(
        "GB", Method.FROZEN, Reference.BANK_OF_ENGLAND, Decimal(8), "GBP", _tiers((0, 40), (1000, 70), (10000, 100)),
        "Late Payment of Commercial Debts (Interest) Act 1998",
    ),
    Law(
        "IE", Method.ON_PAYMENT, Reference.ECB, Decimal(8), "EUR", _tiers((0, 40)),
        "European Communities (Late Payment in Commercial Transactions) Regulations 2012, S.I. 580/2012",
    ),
    Law(EU, Method.HALF_YEARLY, Reference.ECB, Decimal(8), "EUR", _tiers((0, 40)), "Directive 2011/7/EU"),
)  # fmt: skip
