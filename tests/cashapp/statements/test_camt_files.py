"""Every CAMT file of the collection is read, or refused for the right reason, and says what others read in it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cashapp.statements import Statement, StatementRefused, read_file
from cashapp.statements.model import StatementKind, StatementLine
from core.currencies import minor_units
from tests.cashapp.statements.expected import expected_json, expected_literal
from tests.shared import shared_path

REFUSED = {
    "genkgo__camt053.v2.wrong.xml": "without any statement",
    "pypi-camt053__statement-001.14.xml": "is not a date",
}
KINDS = {
    "Camt052": StatementKind.INTRADAY,
    "Camt053": StatementKind.BOOKED,
    "Camt054": StatementKind.NOTIFICATION,
}


def read(name: str) -> tuple[Statement, ...]:
    return read_file(shared_path(f"data/bank/camt/{name}").read_bytes(), name).statements


def lines_of(name: str) -> list[StatementLine]:
    return [line for statement in read(name) for line in statement.lines]


def test_every_file_is_read_or_refused_for_its_reason() -> None:
    refused: dict[str, str] = {}
    for path in sorted(shared_path("data/bank/camt").glob("*.xml")):
        try:
            read(path.name)
        except StatementRefused as refusal:
            refused[path.name] = refusal.message

    assert refused.keys() == REFUSED.keys()
    for name, reason in REFUSED.items():
        assert reason in refused[name] and name in refused[name]


def genkgo_pairs() -> Iterator[tuple[str, dict[str, Any], Statement]]:
    for path in sorted(shared_path("data/bank/camt").glob("genkgo__*.expected.json")):
        name = path.name.replace(".expected.json", ".xml")
        (statement,) = read(name)
        yield name, expected_json(path), statement


def minor(amount: Decimal, currency: str) -> str:
    return str(int(amount.scaleb(minor_units(currency))))


def told_date(told: dict[str, Any] | None) -> date | None:
    return date.fromisoformat(told["0"][:10]) if told else None


def test_accounts_balances_and_numbers_agree_with_genkgo() -> None:
    for name, told, statement in genkgo_pairs():
        record = told["getEntries"][0]["getRecord"]
        assert statement.account == record["getAccount"]["getIdentification"], name
        assert statement.identifier == record["getId"], name
        assert statement.sequence == (record.get("getElectronicSequenceNumber") or ""), name
        balances = record.get("getBalances") or []
        for end, kind in ((statement.opening, "opening"), (statement.closing, "closing")):
            found = [each for each in balances if each["getType"] == kind]
            if not found:
                assert end is None, name
                continue
            assert end is not None, name
            assert minor(end.amount, end.currency) == found[0]["getAmount"]["getAmount"], name
            assert end.currency == found[0]["getAmount"]["getCurrency"]["getCode"], name
            assert end.on == told_date(found[0]["getDate"]), name


def test_entries_agree_with_genkgo_in_amount_sign_dates_and_reference() -> None:
    for name, told, statement in genkgo_pairs():
        assert len(statement.lines) == len(told["getEntries"]), name
        for line, entry in zip(statement.lines, told["getEntries"], strict=True):
            assert minor(line.amount, line.currency) == entry["getAmount"]["getAmount"], name
            assert line.currency == entry["getAmount"]["getCurrency"]["getCode"], name
            assert line.references.entry_reference == (entry.get("getAccountServicerReference") or ""), name
            assert line.is_reversal == bool(entry.get("getReversalIndicator")), name
            assert line.is_pending == (entry["getStatus"] == "PDNG"), name
            assert told_date(entry["getBookingDate"]) in {line.booked_on, None}, name
            assert told_date(entry["getValueDate"]) in {line.value_on, None}, name


def test_payments_agree_with_genkgo_in_parties_references_text_and_charges() -> None:
    for name, told, statement in genkgo_pairs():
        for line, entry in zip(statement.lines, told["getEntries"], strict=True):
            detail = entry.get("getTransactionDetail")
            if not isinstance(detail, dict):
                continue
            parties = [each for each in detail.get("getRelatedParties") or [] if isinstance(each, dict)]
            names = [each["getRelatedPartyType"]["getName"] for each in parties]
            accounts = {(each.get("getAccount") or {}).get("getIdentification") for each in parties}
            only_ourselves = accounts == {statement.account}
            assert line.payer in names or not names or only_ourselves, name
            assert not line.payer_account or line.payer_account in accounts, name
            told_references = detail.get("getReference") or {}
            assert line.references.end_to_end == (told_references.get("getEndToEndId") or ""), name
            remittance = detail.get("getRemittanceInformation") or {}
            assert (remittance.get("getMessage") or "") in f"{line.text} {line.references.creditor_reference}", name
            charges = (detail.get("getCharges") or {}).get("getTotalChargesAndTaxAmount")
            if charges:
                (charge,) = line.charges
                assert minor(charge.amount, charge.currency) == charges["getAmount"], name


@pytest.mark.parametrize("stem", ["oca16__test-camt053", "oca16__test-camt054", "oca16__test-camt053-no-ntry"])
def test_statements_agree_with_oca(stem: str) -> None:
    _, account, told = expected_literal(shared_path(f"data/bank/camt/{stem}.expected.pydata"))
    (statement,) = read(f"{stem}.xml")

    transactions = [transaction for each in told for transaction in each["transactions"]]
    assert account in {statement.account, None}
    assert len(statement.lines) == len(transactions)
    for line, transaction in zip(statement.lines, transactions, strict=True):
        assert float(line.amount) == transaction["amount"]
        assert line.booked_on.isoformat() == transaction["date"]
        assert line.payer == transaction["partner_name"]
        assert line.payer_account == transaction["account_number"]
        assert line.transaction_code == transaction["transaction_type"]
        assert transaction["ref"] in line.references.given().values()
    if told and statement.opening and statement.closing:
        assert float(statement.opening.amount) == told[0]["balance_start"]
        assert float(statement.closing.amount) == told[0]["balance_end_real"]


def test_a_returned_batch_becomes_one_line_per_payment_with_its_reason() -> None:
    returned = [line for line in lines_of("oca16__test-camt053.xml") if line.is_reversal]

    assert [line.amount for line in returned] == [Decimal("-564.05"), Decimal("-100.00")]
    assert {line.return_reason for line in returned} == {"AC06"}
    assert returned[0].references.mandate == "NL22ZZZ524885430000-C0125.1"


def test_a_swiss_direct_debit_notification_lists_both_payments() -> None:
    name = "libeufin__camt054-CHDD_P_CH2909000000250094239_1110097484_0_20220615375204228751067.xml"
    first, second = lines_of(name)

    assert (first.amount, second.amount) == (Decimal("1.50"), Decimal("3.00"))
    assert first.references.bank_reference == "201-31295208-1"
    assert first.references.entry_reference == second.references.entry_reference == "0758103031480900"
    assert (first.text, second.text) == ("Rechnung 1001", "Rechnung 1002")


def test_a_returned_transfer_says_why() -> None:
    name = "libeufin__9_camt054_Return_Detailavisierung_mit_Sammelbuchung_ISO2019_v2019.xml"
    (line,) = lines_of(name)

    assert (line.amount, line.return_reason) == (Decimal("400.00"), "AC01")
    assert line.payer == "Robert Schneider SA"
    assert line.references.end_to_end == "EndToEndId-004-01-01"


def test_fillers_become_nothing_and_blocks_are_joined_inside_words() -> None:
    _, first, second, _ = lines_of("libeufin__postfinance_camt054.xml")

    assert first.references.end_to_end == ""
    assert first.text == "G1XTY6HGWGMVRM7E6XQ4JHJK561ETFDFTJZ7JVGV543XZCB27YBG"
    assert (first.amount, second.amount) == (Decimal("10.00"), Decimal("2.53"))
    assert first.payer == "Mr Test"
    assert first.references.uetr == "62e2b511-7313-4ccd-8d40-c9d8e612cd71"


def test_a_structured_swiss_reference_arrives() -> None:
    name = "libeufin__200519_camt054-ESR-ASR_P_CH2909000000250094239_1110092704_0_2019042500372179_v2019.xml"
    (line,) = lines_of(name)

    assert len(line.references.creditor_reference) == 27
    assert line.amount == Decimal("-147.00")


def test_foreign_payments_keep_their_original_amount_and_charges() -> None:
    (line,) = lines_of("genkgo__camt052.v4.xml")

    assert (line.original_amount, line.original_currency) == (Decimal("4.1"), "USD")
    assert line.charges[0].amount == Decimal("0.31")
    assert line.charges[0].included is False


def test_the_kind_follows_the_namespace() -> None:
    for name, told, statement in genkgo_pairs():
        space = next(part for part in told["getEntries"][0]["getRecord"]["__CLASS__"].split("\\") if part in KINDS)
        assert statement.kind == KINDS[space], name


def test_samples_are_all_there() -> None:
    folder: Path = shared_path("data/bank/camt")
    assert len(list(folder.glob("*.xml"))) == 30
