"""The measures by name: what each means, its formula and where it comes from, as the screen shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reporting.measures import effectiveness, outstanding
from reporting.measures.figures import Figure, Inputs


class Unit(StrEnum):
    """How the figure is written."""

    DAYS = "d"
    PERCENT = "%"
    TIMES = "×"
    AMOUNT = "amount"


class Part(StrEnum):
    """What a figure is worked out of, each of which opens onto its rows."""

    OPENING = "opening"
    CLOSING = "closing"
    BILLED = "billed"
    MONTHS = "months"
    PAYMENTS = "payments"
    RECEIPTS = "receipts"


@dataclass(frozen=True)
class Measure:
    """One measure. `limit` names the limit that people set for it, if there is one."""

    code: str
    name: str
    unit: Unit
    formula: str
    work: Callable[[Inputs], Figure]
    parts: Sequence[Part]
    source: str
    limit: str = ""

    @property
    def meaning(self) -> str:
        """What it says, in a sentence or two."""
        return " ".join((self.work.__doc__ or "").split())


OUTSTANDING: Final = (
    Measure(
        "dso_countback",
        "DSO, counted back",
        Unit.DAYS,
        "days of each month that is used up + the rest ÷ the last month's billings × its days",
        outstanding.counted_back,
        (Part.CLOSING, Part.MONTHS),
        "The exhaustion method; follows the seasons",
        "days_sales_outstanding",
    ),
    Measure(
        "dso_simple",
        "DSO, simple",
        Unit.DAYS,
        "closing receivables ÷ billed × days",
        outstanding.simple,
        (Part.CLOSING, Part.BILLED),
        "Usual form; over three months it is the rolling DSO that most managers read",
    ),
    Measure(
        "dso_average",
        "DSO, average",
        Unit.DAYS,
        "(opening + closing receivables) ÷ 2 ÷ billed × days",
        outstanding.average,
        (Part.OPENING, Part.CLOSING, Part.BILLED),
        "Usual form",
    ),
    Measure(
        "dso_best_possible",
        "DSO, best possible",
        Unit.DAYS,
        "not yet due ÷ billed × days",
        outstanding.best_simple,
        (Part.CLOSING, Part.BILLED),
        "Read beside the simple figure",
    ),
    Measure(
        "dso_best_countback",
        "Best possible, counted back",
        Unit.DAYS,
        "as DSO counted back, over what is not yet due",
        outstanding.best_counted_back,
        (Part.CLOSING, Part.MONTHS),
        "Read beside the figure counted back",
    ),
    Measure(
        "average_days_delinquent",
        "Average days delinquent",
        Unit.DAYS,
        "simple DSO − best possible DSO",
        outstanding.delinquent_days,
        (Part.CLOSING, Part.BILLED),
        "Credit Research Foundation's practice: read with DSO side by side",
    ),
    Measure(
        "true_dso",
        "True DSO, by invoice",
        Unit.DAYS,
        "Σ over open invoices: days since the invoice × its amount ÷ what its month billed",
        outstanding.by_invoice,
        (Part.CLOSING, Part.MONTHS),
        "Sees each invoice's own age",
    ),
)
COLLECTING: Final = (
    Measure(
        "cei",
        "Collection effectiveness",
        Unit.PERCENT,
        "(opening owed + billed − closing owed) ÷ (opening owed + billed − closing not yet due)",
        effectiveness.collection_effectiveness,
        (Part.OPENING, Part.CLOSING, Part.BILLED),
        "Collection effectiveness index",
    ),
    Measure(
        "ar_turnover",
        "Turnover of receivables",
        Unit.TIMES,
        "billed in a year at this pace ÷ mean receivables",
        effectiveness.turnover,
        (Part.OPENING, Part.CLOSING, Part.BILLED),
        "Usual form",
    ),
    Measure(
        "average_days_late",
        "Days late when paid",
        Unit.DAYS,
        "Σ paid × days after due ÷ Σ paid",
        effectiveness.days_late,
        (Part.PAYMENTS,),
        "Behaviour of payers; part payments count by what they paid",
    ),
    Measure(
        "average_days_to_terms",
        "Days against terms",
        Unit.DAYS,
        "Σ paid × (paid − due) ÷ Σ paid",
        effectiveness.days_against_terms,
        (Part.PAYMENTS,),
        "As days late, with early payers below nought",
    ),
    Measure(
        "average_days_to_pay",
        "Days to pay",
        Unit.DAYS,
        "Σ paid × (paid − invoice date) ÷ Σ paid",
        effectiveness.days_to_pay,
        (Part.PAYMENTS,),
        "Behaviour of payers",
    ),
)
LEDGER: Final = (
    Measure(
        "pct_current",
        "Not yet due",
        Unit.PERCENT,
        "not yet due ÷ owed",
        effectiveness.share_current,
        (Part.CLOSING,),
        "Open debits only",
    ),
    Measure(
        "pct_under_30",
        "Under 30 days",
        Unit.PERCENT,
        "(not yet due + 1 to 30 days past due) ÷ owed",
        effectiveness.share_under_30,
        (Part.CLOSING,),
        "Counted by days past due, not by the age of the invoice",
    ),
    Measure(
        "pct_past_due",
        "Past due",
        Unit.PERCENT,
        "past due ÷ owed",
        effectiveness.share_past_due,
        (Part.CLOSING,),
        "By amount, not by count of accounts",
    ),
    Measure(
        "past_due_31_plus",
        "31 days and more past due",
        Unit.AMOUNT,
        "Σ open debits of which due date + 31 days has come",
        effectiveness.over_31_days,
        (Part.CLOSING,),
        "At the day's rates",
        "over_31_days",
    ),
    Measure(
        "unapplied_cash_pct",
        "Unapplied cash",
        Unit.PERCENT,
        "(unapplied + unidentified) ÷ receipts of the last 30 days",
        effectiveness.share_unapplied,
        (Part.CLOSING, Part.RECEIPTS),
        "Best under one or two percent",
    ),
)
FAMILIES: Final = (
    ("How long money is outstanding", OUTSTANDING),
    ("How it is collected", COLLECTING),
    ("How good the ledger is", LEDGER),
)
MEASURES: Final = {measure.code: measure for _, family in FAMILIES for measure in family}
