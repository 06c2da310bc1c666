"""NACHA files that come back: returned debits (addenda 99) and notifications of change (addenda 98).

Columns are counted from one, as the rule book counts them. A return repeats the batch header and the entry of the
original; its addenda name the reason and the original's trace number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from directdebit.returns.advice import Advice, CodeList, Kind, NewDetails, Report, ReportRefused, masked
from directdebit.returns.values import AGAIN, short_date_at

RECORD = 94
DEBITS = frozenset("6789")
DISHONOURED = frozenset({"R61", "R62", *(f"R{number}" for number in range(67, 78))})
ROUTING = frozenset({"C02", "C03", "C07"})
ACCOUNT = frozenset({"C01", "C03", "C06", "C07"})
NAME = frozenset({"C04"})


@dataclass(frozen=True, slots=True)
class Line:
    """One record with its place in the file."""

    number: int
    text: str

    def at(self, first: int, last: int) -> str:
        """The trimmed text of some columns."""
        return self.text[first - 1 : last].strip()

    @property
    def kind(self) -> str:
        """The record type: 1 and 9 around the file, 5 and 8 around a batch, 6 an entry, 7 its addenda."""
        return self.text[:1]


def is_nacha(text: str) -> bool:
    """Whether it begins as an ACH file does, or holds addenda of returns."""
    lines = text.splitlines()
    return bool(lines) and (
        text.startswith("101") or any(line[:3] in {"799", "798"} and len(line) > RECORD // 2 for line in lines)
    )


def read_nacha(text: str, name: str) -> Report:
    """Every return and every notification of change; the file's own totals must agree."""
    lines = [Line(number, line.ljust(RECORD)) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    _refuse_damage(lines, name)
    made_on = short_date_at(lines[0].at(24, 29), f"{name}, line 1")
    found = list(_advices(lines, made_on, name))
    returned = [advice for advice in found if isinstance(advice, Advice)]
    return Report(
        name=name,
        format="NACHA",
        advices=tuple(returned),
        identifier=f"{lines[0].at(24, 33)}{lines[0].at(34, 34)}",
        service=next((line.at(41, 50) for line in lines if line.kind == "5"), ""),
        made_on=made_on,
        findings=tuple(each for each in found if isinstance(each, str)),
    )


def _refuse_damage(lines: Sequence[Line], name: str) -> None:
    for line in lines:
        if len(line.text) > RECORD or line.kind not in "156789":
            raise ReportRefused(f"{name}, line {line.number}: it is no record of {RECORD} signs. {AGAIN}")
    kinds = [line.kind for line in lines]
    if not kinds or kinds[0] != "1":
        raise ReportRefused(f"{name}, line 1: the file header (record 1) is missing. {AGAIN}")
    if "5" not in kinds or kinds.index("5") > _first(kinds, "6"):
        raise ReportRefused(f"{name}, line 2: the batch header (record 5) is missing. {AGAIN}")
    control = next((line for line in lines if line.kind == "9" and line.text.strip("9 ")), None)
    if control is None:
        raise ReportRefused(f"{name}: it breaks off before the file control (record 9). {AGAIN}")
    told, held = control.at(14, 21), sum(kind in "67" for kind in kinds)
    if not told.isdigit() or int(told) != held:
        raise ReportRefused(
            f"{name}, line {control.number}: it tells of {told} entries and addenda, but holds {held}. {AGAIN}"
        )


def _first(kinds: Sequence[str], wanted: str) -> int:
    return kinds.index(wanted) if wanted in kinds else len(kinds)


def _advices(lines: Sequence[Line], made_on: date | None, name: str) -> Iterator[Advice | str]:
    """The advices in order; what is no debit of ours is told in words instead."""
    batch = entry = lines[0]
    for line in lines:
        place = f"{name}, line {line.number}"
        if line.kind == "5":
            batch = line
        elif line.kind == "6":
            entry = line
        elif line.text.startswith("798"):
            yield _change(line, entry, made_on, place)
        elif line.text.startswith("799"):
            yield _return(line, entry, batch, made_on, place)


def _return(line: Line, entry: Line, batch: Line, made_on: date | None, place: str) -> Advice | str:
    code = line.at(4, 6)
    if code in DISHONOURED:
        return f"Line {line.number}: {code} is about a return that was dishonoured or contested; the bank settles that."
    if entry.at(3, 3) not in DEBITS:
        return f"Line {line.number}: {code} returns a credit, which is no direct debit."
    return Advice(
        kind=Kind.UNPAID,
        codes=CodeList.NACHA,
        code=code,
        words=line.at(36, 79),
        mandate_reference=entry.at(40, 54),
        collection_reference=line.at(7, 21),
        amount=_cents(entry.at(30, 39), place),
        currency="USD",
        collected_on=short_date_at(batch.at(70, 75), place),
        effective_on=made_on,
        payer=entry.at(55, 76),
        payer_account=masked(entry.at(13, 29)),
        place=f"line {line.number}",
    )


def _change(line: Line, entry: Line, made_on: date | None, place: str) -> Advice:
    code = line.at(4, 6)
    if not code.startswith("C"):
        raise ReportRefused(f"{place}: “{code}” is no code of a change. {AGAIN}")
    return Advice(
        kind=Kind.MANDATE_AMENDED if code in ROUTING | ACCOUNT | NAME else Kind.OTHER,
        codes=CodeList.NACHA,
        code=code,
        mandate_reference=entry.at(40, 54),
        collection_reference=line.at(7, 21),
        effective_on=made_on,
        payer=entry.at(55, 76),
        payer_account=masked(entry.at(13, 29)),
        new_details=_corrected(code, line.text[35:64]),
        place=f"line {line.number}",
    )


def _corrected(code: str, data: str) -> NewDetails:
    """The corrected data, whose columns differ from code to code."""
    if code in NAME:
        return NewDetails(name=data.strip())
    if code == "C07":
        return NewDetails(sort_code=data[:9].strip(), account=data[9:26].strip())
    if code == "C03":
        return NewDetails(sort_code=data[:9].strip(), account=data[12:].strip())
    if code in ROUTING:
        return NewDetails(sort_code=data.strip())
    return NewDetails(account=data[:17].strip()) if code in ACCOUNT else NewDetails()


def _cents(written: str, place: str) -> Decimal:
    if not written.isdigit() or not int(written):
        raise ReportRefused(f"{place}: “{written}” is not an amount in cents. {AGAIN}")
    return Decimal(int(written)).scaleb(-2)
