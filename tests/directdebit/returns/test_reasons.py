"""Every reason that a scheme knows is in the table, and the scheme's own limits hold."""

import csv
import re
from datetime import date

import pytest

from directdebit.returns.reasons import FollowUpKind, MandateEffect, reason_of, reasons
from directdebit.returns.representing import RULES, may_represent
from tests.shared import shared_path

FOLDER = "data/direct_debit/reason_codes"
BACS = {
    "BACS_ARUDD": "ARUDD",
    "BACS_ADDACS_AMEND": "ADDACS",
    "BACS_ADDACS_CANCEL": "ADDACS",
    "BACS_AUDDIS_RETURN": "AUDDIS",
}
ORIGINAL, RETURNED = date(2026, 5, 12), date(2026, 5, 15)


def rows(name: str) -> list[list[str]]:
    with shared_path(f"{FOLDER}/{name}").open(newline="") as lines:
        return [row for row in csv.reader(lines) if row]


def test_every_code_of_bacs_is_known() -> None:
    codes = [(BACS[row[0]], row[1]) for row in rows("bacs_reason_codes.csv") if row[0] in BACS]
    assert [code for code in codes if not reason_of(*code)] == []


def test_every_reason_of_iso_20022_is_known() -> None:
    wanted = {"ExternalReturnReasonCode", "ExternalStatusReasonCode"}
    codes = [row[1] for row in rows("iso20022_external_reason_codes.csv") if row[0] in wanted]
    assert [code for code in codes if not reason_of("SEPA", code)] == []


def test_every_return_and_change_of_nacha_is_known() -> None:
    codes = [row[0] for row in rows("nacha_return_and_noc_codes.csv") if re.fullmatch(r"[RC]\d\d", row[0])]
    assert len(codes) > 80
    assert [code for code in codes if not reason_of("NACHA", code)] == []


def test_rules_are_named_as_they_exist_and_only_live_mandates_are_presented_again() -> None:
    asked_again = [reason for reason in reasons().values() if reason.re_present]
    assert {reason.re_present for reason in asked_again} == set(RULES)
    assert {reason.mandate for reason in asked_again} == {MandateEffect.KEEP}
    assert all(reason.re_present for reason in reasons().values() if reason.follow_up == FollowUpKind.RE_PRESENT)


def test_of_arudd_only_refer_to_payer_may_be_presented_again() -> None:
    assert [code for (codes, code), reason in reasons().items() if codes == "ARUDD" and reason.re_present] == ["0"]


@pytest.mark.parametrize(
    ("codes", "code", "until", "signs", "times"),
    [
        ("ARUDD", "0", date(2026, 6, 12), "18", 2),
        ("SEPA", "AM04", date(2026, 7, 12), "RCUR", 1),
        ("NACHA", "R01", date(2026, 11, 8), "RETRY PYMT", 2),
        ("NACHA", "R11", date(2026, 7, 14), "", 1),
    ],
)
def test_it_may_be_presented_again_so_long_and_so_often(
    codes: str, code: str, until: date, signs: str, times: int
) -> None:
    reason = reason_of(codes, code)
    assert reason

    def ask(on: date, attempts: int) -> str:
        answer = may_represent(reason, collected_on=ORIGINAL, returned_on=RETURNED, attempts=attempts, on=on)
        assert answer.until == until
        return answer.code if answer.is_allowed else answer.why_not

    assert ask(until, times - 1) == signs
    assert "could be presented again until" in ask(date.fromordinal(until.toordinal() + 1), 0)
    assert "was presented again" in ask(until, times)


def test_a_month_ends_with_a_shorter_month() -> None:
    assert RULES["bacs"].until(date(2026, 1, 31), RETURNED) == date(2026, 2, 28)


def test_a_cancelled_instruction_is_never_presented_again() -> None:
    reason = reason_of("ARUDD", "1")
    assert reason
    answer = may_represent(reason, collected_on=ORIGINAL, returned_on=RETURNED, attempts=0, on=RETURNED)
    assert "the scheme does not allow" in answer.why_not
