"""pain.008 and pain.001: valid by the schema where it is at hand, and read back by their elements."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from core.money import money
from core.payment_files import (
    CannotWrite,
    Creditor,
    CreditTransfer,
    DirectDebit,
    Instrument,
    Mandate,
    Order,
    Sequence,
    pain_001,
    pain_008,
)
from core.payment_files.sepa import OwnAccount
from core.payment_files.text import sepa_text
from tests.shared import shared_path

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
OWN = OwnAccount("Halden Systeme GmbH", "DE89370400440532013000", "COBADEFFXXX")
CREDITOR = Creditor(OWN, "DE98ZZZ09999999999")
DAY = date(2026, 5, 20)


def order(reference: str, amount: str = "100.00 EUR", **more: str) -> Order:
    facts = {"name": "Müller & Söhne", "iban": "FR1420041010050500013M02606", "text": "INV-1, INV-2", **more}
    return Order(reference, facts.pop("name"), money(amount), **facts)  # type: ignore[arg-type]


def debit(reference: str, sequence: Sequence = Sequence.RECURRING, on: date = DAY, **more: str) -> DirectDebit:
    mandate = Mandate(f"M-{reference}", date(2026, 1, 5), amended_from=more.pop("amended_from", ""))
    return DirectDebit(order(reference, **more), mandate, Instrument.CORE, sequence, on)


def names(content: bytes, path: str) -> list[str]:
    root = etree.fromstring(content)
    space = {"d": etree.QName(root).namespace or ""}
    return [element.text or "" for element in root.iterfind(f".//d:{path.replace('/', '/d:')}", space)]


def collect(*debits: DirectDebit, **more: Any) -> bytes:
    return pain_008(message_id="HAL-260504-1", made_at=AT, creditor=CREDITOR, debits=debits, **more)


@pytest.mark.parametrize("version", ["pain.008.001.02", "pain.008.001.08"])
def test_collections_are_valid_by_the_schema_of_the_scheme(version: str) -> None:
    schema = etree.XMLSchema(etree.parse(str(shared_path(f"data/direct_debit/xsd/{version}.xsd"))))
    content = collect(
        debit("DD2026-000001", Sequence.FIRST, bic="BNPAFRPPXXX"),
        debit("DD2026-000002", amended_from="M-OLD"),
        version=version,
    )

    schema.assertValid(etree.fromstring(content))


def test_blocks_are_made_by_day_and_sequence_and_add_up() -> None:
    content = collect(
        debit("DD2026-000001", Sequence.FIRST, amount="1,250.10 EUR"),
        debit("DD2026-000002", amount="0.90 EUR"),
        debit("DD2026-000003", amount="1.00 EUR"),
        debit("DD2026-000004", on=date(2026, 5, 21)),
    )

    assert names(content, "GrpHdr/NbOfTxs") == ["4"]
    assert names(content, "GrpHdr/CtrlSum") == ["1352.00"]
    assert names(content, "PmtInf/NbOfTxs") == ["1", "2", "1"]
    assert names(content, "PmtInf/CtrlSum") == ["1250.10", "1.90", "100.00"]
    assert names(content, "PmtTpInf/SeqTp") == ["FRST", "RCUR", "RCUR"]
    assert names(content, "PmtInf/ReqdColltnDt") == ["2026-05-20", "2026-05-20", "2026-05-21"]
    assert names(content, "PmtId/EndToEndId")[0] == "DD2026-000001"
    assert names(content, "Dbtr/Nm")[0] == "Mueller + Soehne"
    assert names(content, "MndtRltdInf/DtOfSgntr")[0] == "2026-01-05"
    assert sum(map(Decimal, names(content, "DrctDbtTxInf/InstdAmt"))) == Decimal("1352.00")


def test_refunds_go_out_as_credit_transfers() -> None:
    transfers = [CreditTransfer(order("RF-2026-00001", "12.34 EUR"), DAY)]
    content = pain_001(message_id="HAL-RF-1", made_at=AT, debtor=OWN, transfers=transfers)

    assert names(content, "Amt/InstdAmt") == ["12.34"]
    assert names(content, "ReqdExctnDt/Dt") == ["2026-05-20"]
    assert names(content, "CdtrAcct/Id/IBAN") == ["FR1420041010050500013M02606"]
    older = pain_001(message_id="HAL-RF-1", made_at=AT, debtor=OWN, transfers=transfers, version="pain.001.001.03")
    assert names(older, "PmtInf/ReqdExctnDt") == ["2026-05-20"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (debit("DD-1", amount="1.00 GBP"), "carries EUR only"),
        (debit("DD-1", iban="FR1420041010050500013M02607"), "needs an IBAN"),
        (debit("DÜ-1"), "doesn't fit"),
        (debit("D" * 36), "doesn't fit"),
        (debit("DD-1", amount="1,000,000,000.00 EUR"), "more than SEPA carries"),
    ],
)
def test_what_sepa_does_not_carry_is_refused(wrong: DirectDebit, sentence: str) -> None:
    with pytest.raises(CannotWrite, match=sentence):
        collect(wrong)


def test_a_file_needs_its_creditor_and_a_known_version() -> None:
    one = debit("DD-1")
    with pytest.raises(CannotWrite, match="creditor identifier"):
        pain_008(message_id="M", made_at=AT, creditor=Creditor(OWN, ""), debits=[one])
    with pytest.raises(CannotWrite, match="not written here"):
        collect(one, version="pain.008.003.02")
    with pytest.raises(CannotWrite, match="account with an IBAN"):
        pain_008(message_id="M", made_at=AT, creditor=Creditor(OwnAccount("H", ""), "X"), debits=[one])
    with pytest.raises(CannotWrite, match="stands for two orders"):
        collect(one, one)


def test_letters_that_banks_do_not_take_are_written_otherwise() -> None:
    assert sepa_text("Łódź & Cie – “Nord”", 70) == "Lodz + Cie - 'Nord'"
    assert sepa_text("//x", 70) == "x"
    assert sepa_text("日本", 70) == ".."
