"""What a reason code means and what follows from it: the table `reason_codes.csv` (sources: docs/direct-debit.md)."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from directdebit.returns.advice import CodeList

TABLE = Path(__file__).with_name("reason_codes.csv")


class MandateEffect(StrEnum):
    """What becomes of the mandate."""

    KEEP = "keep"
    STOP = "stop"
    SUSPEND = "suspend"
    AMEND = "amend"
    RESUME = "resume"


class FollowUpKind(StrEnum):
    """What somebody has to do."""

    RE_PRESENT = "re_present"
    NEW_DETAILS = "new_details"
    CUSTOMER_SUCCESS = "customer_success"
    LEGAL = "legal"
    INVESTIGATE = "investigate"


@dataclass(frozen=True, slots=True)
class Reason:
    """One code of one list. `re_present` names the scheme's rule for asking again, empty where that is not allowed."""

    codes: CodeList
    code: str
    meaning: str
    re_present: str
    mandate: MandateEffect
    follow_up: FollowUpKind | None


@cache
def reasons() -> dict[tuple[str, str], Reason]:
    """The whole table by list and code."""
    with TABLE.open(newline="") as lines:
        found = [_reason(row) for row in csv.DictReader(lines)]
    return {(reason.codes.value, reason.code): reason for reason in found}


def reason_of(codes: str, code: str) -> Reason | None:
    """The reason, or nothing for a code that the table does not know: that one waits for a person."""
    return reasons().get((codes, code))


def _reason(row: dict[str, str]) -> Reason:
    return Reason(
        codes=CodeList(row["list"]),
        code=row["code"],
        meaning=row["meaning"],
        re_present=row["re_present"],
        mandate=MandateEffect(row["mandate"]),
        follow_up=FollowUpKind(row["follow_up"]) if row["follow_up"] else None,
    )
