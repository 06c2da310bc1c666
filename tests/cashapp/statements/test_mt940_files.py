"""Every MT940 file of the collection is read, or refused for the right reason, and says what mt-940 read in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from cashapp.statements import Statement, StatementRefused, read_file
from cashapp.statements.model import StatementKind, StatementLine
from cashapp.statements.mt940 import read_mt940
from cashapp.statements.proof import is_proved
from cashapp.statements.recognise import decode
from tests.cashapp.statements.expected import expected_yaml
from tests.shared import shared_path

FOLDER = "data/bank/mt940"
REFUSED = {
    "wolph__betterplace__empty_86.sta": "holds no MT940 statement",
    "wolph__betterplace__sepa_snippet_broken.sta": "names a second account",
    "wolph__self-provided__empty_non_swift.sta": "looks like",
    "wolph__self-provided__invalid_statement.sta": "looks like",
}
POINTERS = {"NONREF", "KREF+", "EREF", "PREF"}


def read(name: str) -> tuple[Statement, ...]:
    return read_file(shared_path(f"{FOLDER}/{name}").read_bytes(), name).statements


def lines_of(name: str) -> list[StatementLine]:
    return [line for statement in read(name) for line in statement.lines]


def files() -> Iterator[str]:
    for path in sorted(shared_path(FOLDER).iterdir()):
        if path.suffix in {".sta", ".940", ".swi", ".mt940"}:
            yield path.name


def pairs() -> Iterator[tuple[str, dict[str, Any], tuple[Statement, ...]]]:
    for name in files():
        told = shared_path(FOLDER) / f"{name.removesuffix('.sta')}.expected.yml"
        if name not in REFUSED and told.exists():
            yield name, expected_yaml(told), read(name)


def same(ours: str, theirs: Any) -> bool:
    """Equal but for white space, which every reader joins in its own way."""
    return "".join(ours.split()) == "".join(str(theirs or "").split())


def test_every_file_is_read_or_refused_for_its_reason() -> None:
    refused: dict[str, str] = {}
    for name in files():
        try:
            read(name)
        except StatementRefused as refusal:
            refused[name] = refusal.message

    assert len(list(files())) == 40
    assert refused.keys() == REFUSED.keys()
    for name, reason in REFUSED.items():
        assert reason in refused[name], refused[name]


def test_accounts_balances_and_numbers_agree() -> None:
    for name, told, statements in pairs():
        data, last = told["data"], statements[-1]
        account = str(data.get("account_identification", "")).replace(" ", "")
        assert account in {last.account, f"{last.account}{last.currency}", f"{last.account}/{last.currency}"}, name
        assert same(last.identifier, data.get("transaction_reference")), name
        assert last.sequence == (data.get("statement_number") or ""), name
        ends = ((last.opening, "opening"), (last.closing, "closing"))
        for end, word in ends:
            theirs = data.get(f"intermediate_{word}_balance") or data.get(f"final_{word}_balance")
            assert (end is None) == (theirs is None), name
            if end:
                assert end.amount == theirs["amount"]["amount"], name
                assert end.currency == theirs["amount"]["currency"], name
                assert end.on == theirs["date"], name
        if "available_balance" in data:
            assert last.available and last.available.amount == data["available_balance"]["amount"]["amount"], name


def line_pairs() -> Iterator[tuple[str, dict[str, Any], StatementLine]]:
    for name, told, statements in pairs():
        lines = [line for statement in statements for line in statement.lines]
        assert len(lines) == len(told["transactions"]), name
        yield from ((name, theirs, line) for theirs, line in zip(told["transactions"], lines, strict=True))


def test_amounts_signs_currencies_and_dates_agree() -> None:
    checked = 0
    for name, theirs, line in line_pairs():
        assert line.amount == theirs["amount"]["amount"], name
        assert line.currency == (theirs["amount"]["currency"] or ""), name
        assert line.value_on == theirs["date"], name
        assert line.booked_on == theirs.get("entry_date", theirs["date"]), name
        checked += 1
    assert checked == 56


def test_references_agree() -> None:
    for name, theirs, line in line_pairs():
        given = line.references
        assert same(given.bank_reference, theirs.get("bank_reference")), name
        assert same(given.mandate, theirs.get("additional_position_reference")), name
        assert same(given.creditor_identifier, theirs.get("applicant_creditor_id")), name
        # mt-940 takes the bank's message behind “MTLG:” into the reference; we give it to the text.
        end_to_end = str(theirs.get("end_to_end_reference") or "").partition("MTLG:")[0]
        assert same(given.end_to_end, end_to_end), name
        customer = str(theirs.get("customer_reference") or "").partition("MTLG:")[0].removeprefix("KREF+\n").strip()
        assert customer in {"", *POINTERS} or same(given.customer_reference, customer), name


def test_payers_and_text_agree() -> None:
    for name, theirs, line in line_pairs():
        if "transaction_code" in theirs:
            assert same(line.payer, theirs.get("applicant_name")), name
            assert same(line.payer_account, theirs.get("applicant_iban")), name
            assert same(line.text.replace(str(theirs.get("additional_purpose")), ""), theirs.get("purpose")) or (
                "MTLG" in str(theirs.get("end_to_end_reference")) or "MTLG" in str(theirs.get("customer_reference"))
            ), name
            assert (line.return_reason or "000") in {theirs.get("return_debit_notes") or "000"}, name
        elif "transaction_details" in theirs and not line.payer and "TYT." not in theirs["transaction_details"]:
            subfields = theirs["transaction_details"].startswith("000>")
            assert subfields or same(line.text, theirs["transaction_details"]), name


@pytest.mark.parametrize(
    ("name", "count"), [("oca10__test-ing.940", 8), ("oca10__test-rabo.swi", 2), ("wolph__ASNB__mt940.sta", 8)]
)
def test_dutch_files_prove_their_balances(name: str, count: int) -> None:
    statements = read(name)

    assert all(is_proved(statement) for statement in statements)
    assert sum(len(statement.lines) for statement in statements) == count
    for before, after in zip(statements, statements[1:], strict=False):
        assert before.closing and after.opening and before.closing.amount == after.opening.amount


def test_the_dutch_slashes_give_payer_references_and_return_reason() -> None:
    lines = lines_of("oca10__test-ing.940")

    assert lines[0].payer == "ING BANK NV INZAKE WEB"
    assert lines[0].references.end_to_end == "EV12341REP1231456T1234"
    assert lines[0].references.bank_reference == "00000000001005"
    assert lines[3].references.mandate == "MND-EV01"
    assert lines[5].return_reason == "MS03"
    assert lines[6].references.creditor_reference == "9001123412341234"


def test_the_polish_collecting_account_gives_payer_and_virtual_account() -> None:
    line = lines_of("wolph__mBank__mt940.sta")[0]

    assert line.payer == "JAN NOWAK"
    assert line.payer_account == "56114010810000267002001001"
    assert line.text == "PRZELEW SRODKOW"
    assert line.references.virtual_account == "XX000000000001"
    assert line.references.transaction == "179171073864111.010001"


def test_an_intraday_report_has_totals_and_no_balances() -> None:
    (report,) = read("wolph__mBank__mt942.sta")

    assert report.kind == StatementKind.INTRADAY
    assert report.opening is None and report.findings == ()


def test_an_old_code_page_is_told_by_its_words() -> None:
    content = shared_path(f"{FOLDER}/wolph__self-provided__raiffeisen-cmi.sta").read_bytes()
    text, encoding = decode(content, "raiffeisen.sta")

    assert encoding == "cp852"
    assert "Csoportos átutalás jóváírása" in text
    assert read_mt940(text, "raiffeisen.sta")[0].lines[0].payer == "HUNGARY KFT."


def test_a_value_date_of_30_february_is_the_months_last_day() -> None:
    (line,) = lines_of("wolph__self-provided__transaction_details_wrapped.sta")

    assert (line.value_on.isoformat(), line.booked_on.isoformat()) == ("2016-02-29", "2016-03-01")
    assert "13:12:11" in line.text


def test_the_swiss_code_line_names_the_other_side() -> None:
    lines = lines_of("pypi-beangulp-mt940__ubs-fixture.mt940")

    assert [line.payer for line in lines] == ["ACME Hosting Inc", "Client AG", ""]
    assert is_proved(read("pypi-beangulp-mt940__ubs-fixture.mt940")[0])
