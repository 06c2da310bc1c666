"""pain.002, camt.054, NACHA files and tables, read without a database."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from directdebit.returns import CodeList, Kind, Report, ReportRefused, read_report
from tests.shared import shared_files, shared_path

FOLDER = "data/direct_debit"


def read(name: str) -> Report:
    path = shared_path(f"{FOLDER}/{name}")
    return read_report(path.read_bytes(), path.name)


def as_pain_002(name: str) -> bytes:
    """The same message under the namespace that it should have."""
    return shared_path(f"{FOLDER}/{name}").read_bytes().replace(b"tech:xsd:other.002", b"tech:xsd:pain.002")


def test_rejected_collections_of_a_pain_002_name_mandate_reason_and_amount() -> None:
    report = read_report(as_pain_002("sepa_returns/oca14__test-sepa-pain-unpaid-invalid.xml"), "pain002.xml")

    first = report.advices[0]
    assert len(report.advices) == 4
    assert (first.code, first.mandate_reference, first.collection_reference) == ("AC01", "MANDATEID1", "E2EID1")
    assert (first.amount, first.currency, first.collected_on) == (Decimal(100), "EUR", date(2016, 10, 9))
    assert {one.codes for one in report.advices} == {CodeList.SEPA}


def test_a_whole_batch_that_is_rejected_is_one_advice_about_the_batch() -> None:
    content = (
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>1</MsgId>'
        b"<CreDtTm>2026-05-12T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>RUN-1</OrgnlMsgId>"
        b"<OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId><GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM10</Cd></Rsn>"
        b"</StsRsnInf></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
    )

    (whole,) = read_report(content, "pain002.xml").advices

    assert (whole.batch_reference, whole.collection_reference, whole.code) == ("RUN-1", "", "AM10")


@pytest.mark.parametrize("path", shared_files(f"{FOLDER}/sepa_pain002/*.xml"), ids=lambda path: path.name[:40])
def test_accepted_files_and_reports_on_credit_transfers_return_nothing(path: Path) -> None:
    report = read_report(path.read_bytes(), path.name)

    assert report.advices == ()
    assert bool(report.findings) == (b"pain.001" in path.read_bytes())


def test_a_camt_054_tells_of_the_debit_that_came_back() -> None:
    (unpaid,) = read("sepa_returns/oca14__test-sepa-camt-unpaid.xml").advices

    assert (unpaid.code, unpaid.mandate_reference, unpaid.collection_reference) == ("AC06", "MANDATEID2", "E2EID1")
    assert (unpaid.amount, unpaid.effective_on, unpaid.fee) == (Decimal("100.00"), date(2016, 10, 8), None)


@pytest.mark.parametrize("kind", ["camt", "pain"])
def test_messages_of_another_kind_are_refused(kind: str) -> None:
    with pytest.raises(ReportRefused, match="another kind"):
        read(f"sepa_returns/oca14__test-sepa-{kind}-unpaid-invalid.xml")


def test_a_table_of_returns_is_read_by_its_headings() -> None:
    (row,) = read("sepa_returns/oca14__payment_return.csv").advices

    assert (row.amount, row.code, row.claim_reference) == (Decimal("250.9"), "RTEST", "123")
    assert (row.effective_on, row.payer) == (date(2017, 7, 10), "Test partner")


def test_a_table_without_a_reason_is_refused() -> None:
    with pytest.raises(ReportRefused, match="a column for code is missing"):
        read_report(b"mandate,amount\nM1,5.00\n", "returns.csv")


RETURNED = """101 231380104 1210428822605111201A094101Federal Reserve Bank   Brightwater
5225Brightwater                         1210428820PPDINVOICES        260508   1231380100000001
626231380104744-5678-99      0000012350M-1            Castle Fibre            1121042880000001
799R01121042880000001      23138010                                            231380100000001
82250000020023138010000000012350000000000000121042882                          231380100000001
9000001000001000000020023138010000000012350000000000000
"""


def test_a_returned_ach_debit_names_the_trace_of_the_original() -> None:
    (unpaid,) = read_report(RETURNED.encode(), "returns.ach").advices

    assert (unpaid.code, unpaid.collection_reference, unpaid.mandate_reference) == ("R01", "121042880000001", "M-1")
    assert (unpaid.amount, unpaid.currency) == (Decimal("123.50"), "USD")
    assert (unpaid.collected_on, unpaid.effective_on) == (date(2026, 5, 8), date(2026, 5, 11))


def test_a_notification_of_change_brings_the_new_account() -> None:
    (change,) = read("nacha/moov_ex__cor-read.ach").advices

    assert (change.kind, change.code, change.new_details.account) == (Kind.MANDATE_AMENDED, "C01", "1918171614")


def test_contested_returns_and_returned_credits_are_told_and_not_booked() -> None:
    report = read("nacha/moov_ex__contested-return.ach")

    assert report.advices == ()
    assert [finding.split(":")[0] for finding in report.findings] == ["Line 4", "Line 5", "Line 6"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("return-no-batch-header", "file header"), ("return-no-file-header-control", "file header")],
)
def test_pieces_of_ach_files_are_refused_with_the_place(name: str, sentence: str) -> None:
    with pytest.raises(ReportRefused, match=sentence):
        read(f"nacha/moov_test__{name}.ach")


def test_an_ach_file_whose_control_differs_is_refused() -> None:
    with pytest.raises(ReportRefused, match="tells of 00000003 entries and addenda, but holds 2"):
        read_report(RETURNED.replace("900000100000100000002", "900000100000100000003").encode(), "returns.ach")


@pytest.mark.parametrize("path", shared_files(f"{FOLDER}/nacha/*.ach"), ids=lambda path: path.name)
def test_files_that_went_out_hold_no_returns(path: Path) -> None:
    try:
        report = read_report(path.read_bytes(), path.name)
    except ReportRefused as refusal:
        assert path.name in refusal.message
    else:
        assert [one for one in report.advices if one.kind != Kind.MANDATE_AMENDED] == []
