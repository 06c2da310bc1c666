"""What Bacs reports say, read without a database."""

import json
from datetime import date
from decimal import Decimal

import pytest

from directdebit.returns import CodeList, Kind, ReportRefused, read_report
from directdebit.returns.advice import fingerprints
from tests.directdebit.returns.reports import addacs, arudd, auddis, claim, ddica, message
from tests.shared import shared_path


def test_a_real_arudd_says_what_its_expected_result_says() -> None:
    content = shared_path("data/direct_debit/bacs/arudd_sample.xml").read_bytes()
    expected = json.loads(shared_path("data/direct_debit/bacs/arudd_sample.expected.json").read_text())

    report = read_report(content, "arudd.xml")

    assert [(one.mandate_reference, str(one.amount), one.payer, str(one.collected_on)) for one in report.advices] == [
        (item["ref"], item["valueOf"], item["payer"], item["originalProcessingDate"]) for item in expected["items"]
    ]
    assert {(one.kind, one.codes, one.code) for one in report.advices} == {(Kind.UNPAID, CodeList.ARUDD, "1")}
    assert (report.service, report.made_on) == ("123456", date(2017, 1, 16))
    assert {one.payer_account for one in report.advices} == {"…5678", "…6789", "…7891"}


def test_an_arudd_that_lost_an_item_is_refused() -> None:
    with pytest.raises(ReportRefused, match="tells of 1 items of 99.00, but holds 1 of 65.00"):
        read_report(arudd(("M1", "65.00", "0128"), total="99.00"), "arudd.xml")


def test_a_cancellation_and_an_amendment_come_in_one_addacs() -> None:
    moved = message("A", "C", "M2", payer_new_sort_code="040506", payer_new_account_number="87654321")
    cancelled, amended, back = read_report(addacs(message("A", "1", "M1"), moved, message("A", "R", "M3")), "a").advices

    assert (cancelled.kind, cancelled.mandate_reference) == (Kind.MANDATE_CANCELLED, "M1")
    assert cancelled.effective_on == date(2026, 5, 12)
    assert (amended.kind, amended.new_details.account) == (Kind.MANDATE_AMENDED, "87654321")
    assert back.kind == Kind.MANDATE_REINSTATED


def test_an_auddis_tells_only_of_instructions_that_were_not_taken() -> None:
    (refused,) = read_report(auddis(message("N", "5", "M1")), "auddis.xml").advices

    assert (refused.kind, refused.codes, refused.code) == (Kind.MANDATE_REFUSED, CodeList.AUDDIS, "5")


def test_a_claim_names_each_of_its_collections_and_may_be_cancelled() -> None:
    two = claim("2", "M1", ("2026-01-12", "1,200.00"), ("2026-02-12", "60.00"))
    ended = claim("2", "M9", ("2026-01-12", "5.00"), tag="DDICCancellation")

    first, second, third = read_report(ddica(two, cancelled=ended), "ddica.xml").advices

    assert [(one.kind, one.amount) for one in (first, second)] == [
        (Kind.CLAIMED, Decimal("1200.00")),
        (Kind.CLAIMED, Decimal("60.00")),
    ]
    assert (first.collected_on, first.effective_on) == (date(2026, 1, 12), date(2026, 6, 3))
    assert (first.claim_reference, third.kind) == ("CLM-77", Kind.CLAIM_CANCELLED)


def test_the_same_file_has_the_same_keys_and_two_equal_items_have_two() -> None:
    content = arudd(("M1", "65.00", "0"), ("M1", "65.00", "0"))

    once = list(fingerprints(read_report(content, "a").advices))

    assert once == list(fingerprints(read_report(content, "b").advices))
    assert len(set(once)) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<BACSDocument><Data><ARUDD>", "not complete XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><BACSDocument/>', "document type"),
        (b"<BACSDocument><Data><Other/></Data></BACSDocument>", "no ARUDD"),
        (addacs(message("X", "1", "M1")), "no record of ADDACS"),
        (addacs(message("A", "", "M1")), "the reason code is missing"),
        (ddica(claim("1", "M1")), "names no collection"),
        (b"", "is empty"),
        (b"\x7fELF programs", "a program"),
        (b"<html><body>Sign in</body></html>", "XML of another kind"),
    ],
)
def test_what_is_no_report_is_refused_in_words(content: bytes, sentence: str) -> None:
    with pytest.raises(ReportRefused, match=sentence):
        read_report(content, "file")
