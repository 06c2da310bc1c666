"""SEPA and ACH from the run to the return: the bank answers the file that we wrote, and is understood."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from cashapp.actions.statements import import_statement
from cashapp.bank_lines_file import MAPPING, Row, bank_table
from cashapp.models import BankStatementLine
from cashapp.taskbook import open_tasks
from core.models import BankAccount, LegalEntity, User
from customers.models import Customer
from directdebit.actions.paying import confirm_paid, presume_paid
from directdebit.actions.reports import receive_report
from directdebit.days import settle_certain
from directdebit.models import Collection, Mandate, ReturnedDebit, Submission
from directdebit.queries.arrivals import arrivals_of, blocks_of
from directdebit.return_runs import book_new
from tests.directdebit.conftest import balance_of
from tests.directdebit.houses import COLLECT_ON, House, house

State = Collection.State
FRENCH, SPANISH, GERMAN = "FR1420041010050500013M02606", "ES9121000418450200051332", "DE89370400440532013000"
AFTER = date(2026, 5, 21)


@pytest.fixture
def halden(de: LegalEntity, system: User) -> House:
    own = {"iban": "DE02120300000000202051", "bic": "BYLADEM1001"}
    return house(de, system, "sepa_core", "DE98ZZZ09999999999", "HALDEN", **own)


@pytest.fixture
def harborline(system: User) -> House:
    entity = LegalEntity.objects.create(
        code="US", name="Harborline", legal_name="Harborline Software Inc", currency="USD", country="US",
        time_zone="America/New_York", email="ar@harborline.example",
    )  # fmt: skip
    own = {"sort_code": "021000021", "account_number": "5551234567", "bank_name": "First Bank"}
    return house(entity, system, "ach", "1234567890", "HARBORLINE", **own)


def told(house: House, name: str, content: bytes, on: date = AFTER) -> list[ReturnedDebit]:
    """The bank's answer comes in and is booked."""
    report = receive_report(by=house.clerk, entity=house.entity, name=name, content=content)
    book_new(house.system, report.pk)
    return list(report.returns.select_related("collection").order_by("pk"))


def find(root: etree._Element, path: str) -> list[str]:
    """The texts at a path, whatever the namespace."""
    steps = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
    return [str(text) for text in root.xpath(f"//{steps}/text()")]  # type: ignore[union-attr]


# SEPA ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sepa_file(halden: House) -> Submission:
    """Three payers; one of them was collected on before, so that the file has two blocks: first and later ones."""
    payers = [halden.payer(f"S-{number}", name) for number, name in enumerate(("Lumière SA", "Sol SL", "Wald GmbH"))]
    for payer, iban in zip(payers, (FRENCH, SPANISH, GERMAN), strict=True):
        halden.mandate(payer, f"HALDEN-{payer.code}", iban=iban)
        halden.owes(payer, f"RE-{payer.code}", "120.00")
    Mandate.objects.filter(customer=payers[2]).update(collections_made=1)
    return halden.submitted(halden.prepared())


def of(code: str) -> Collection:
    return Collection.objects.select_related("mandate", "receipt").get(customer__code=code)


def test_a_sepa_run_is_drawn_paid_and_confirmed_after_its_own_days(halden: House, sepa_file: Submission) -> None:
    assert sepa_file.file is not None
    root = etree.fromstring(sepa_file.file.read())
    assert find(root, "PmtInf/PmtTpInf/SeqTp") == ["FRST", "RCUR"]
    assert find(root, "GrpHdr/CtrlSum") == ["360.00"]
    assert set(find(root, "DrctDbtTxInf/PmtId/EndToEndId")) == {of(f"S-{number}").reference for number in range(3)}

    presume_paid(by=halden.system, entity=halden.entity, as_of=COLLECT_ON)
    confirm_paid(by=halden.system, entity=halden.entity, as_of=date(2026, 5, 27))
    assert {of(f"S-{number}").state for number in range(3)} == {State.PRESUMED_PAID}
    confirm_paid(by=halden.system, entity=halden.entity, as_of=date(2026, 5, 29))

    assert {of(f"S-{number}").state for number in range(3)} == {State.CONFIRMED_PAID}
    assert {part.item.open_amount for part in of("S-0").parts.all()} == {Decimal(0)}


def credited(house: House, number: int, amount: str, text: str) -> BankStatementLine:
    """The bank credits a sum on the day of the debit."""
    row = Row(f"L{number}", COLLECT_ON, int(Decimal(amount) * 100), text, "", "")
    account = BankAccount.objects.get(entity=house.entity)
    content = bank_table([row], account.currency)
    (imported,) = import_statement(
        by=house.system,
        entity=house.entity,
        name=f"{number}.csv",
        content=content,
        bank_account=account,
        mapping=MAPPING,
    )
    line: BankStatementLine = imported.statement.lines.get()
    open_tasks([line])
    return line


def test_a_file_that_is_credited_block_by_block_meets_its_lines_and_a_sum_without_a_name_is_asked_about_at_the_desk(
    halden: House, sepa_file: Submission, signed_in: Callable[[User], Client]
) -> None:
    presume_paid(by=halden.system, entity=halden.entity, as_of=COLLECT_ON)
    first, later = blocks_of(sepa_file)
    assert [(block.amount, block.name) for block in (first, later)] == [
        (Decimal(240), f"{sepa_file.name}-1"), (Decimal(120), f"{sepa_file.name}-2"),
    ]  # fmt: skip
    named, silent = credited(halden, 1, "240.00", f"SAMMLER {first.name}"), credited(halden, 2, "120.00", "SAMMLER")

    settle_certain(halden.system, halden.entity)
    settle_certain(halden.system, halden.entity)

    assert [(each.place, each.line) for each in sepa_file.block_arrivals.all()] == [(1, named)]
    assert balance_of(halden.entity, "direct_debit_clearing") == 120
    nora = signed_in(halden.clerk)
    page = nora.get(reverse("directdebit:of_line", args=[silent.pk])).content.decode()
    assert f"{sepa_file}, block 2" in page and "nothing on the line names the file" in page
    sent = {"line": silent.pk, "desk": "1"}
    for _ in range(2):
        answer = nora.post(reverse("directdebit:settle_submission", args=[sepa_file.pk]), sent)
        assert answer["Location"] == reverse("cashapp:desk")
    assert balance_of(halden.entity, "direct_debit_clearing") == 0
    assert arrivals_of(halden.entity) == []
    wrong = credited(halden, 3, "360.00", sepa_file.name)
    nora.post(reverse("directdebit:settle_submission", args=[sepa_file.pk]), {"line": wrong.pk})
    assert balance_of(halden.entity, "direct_debit_clearing") == 0
    shown = nora.get(reverse("directdebit:submission", args=[sepa_file.pk])).content.decode()
    assert "Block 2 arrived with" in shown


def pain_002(message: str, *batches: str) -> bytes:
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-05-19T10:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>"
        f"<GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>{''.join(batches)}</CstmrPmtStsRpt></Document>"
    ).encode()


def rejected_block(name: str) -> str:
    reason = "<StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>"
    told = f"<OrgnlPmtInfId>{name}</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>{reason}"
    return f"<OrgnlPmtInfAndSts>{told}</OrgnlPmtInfAndSts>"


def test_a_block_that_the_bank_rejects_is_found_by_the_name_that_our_file_gave_it(
    halden: House, sepa_file: Submission
) -> None:
    assert sepa_file.file is not None
    root = etree.fromstring(sepa_file.file.read())
    first, later = find(root, "PmtInf/PmtInfId")
    message = find(root, "GrpHdr/MsgId")[0]

    (returned,) = told(halden, "answer.xml", pain_002(message, rejected_block(later)))

    assert (returned.state, returned.collection) == (ReturnedDebit.State.BOOKED, of("S-2"))
    assert [of(f"S-{number}").state for number in range(3)] == [State.SUBMITTED, State.SUBMITTED, State.RETURNED]
    assert {row.collection for row in told(halden, "second.xml", pain_002(message, rejected_block(first)))} == {
        of("S-0"), of("S-1"),
    }  # fmt: skip


def test_a_block_that_is_none_of_ours_waits_for_a_person(halden: House, sepa_file: Submission) -> None:
    (returned,) = told(halden, "answer.xml", pain_002(sepa_file.name, rejected_block(f"{sepa_file.name}-9")))

    assert (returned.state, returned.collection) == (ReturnedDebit.State.WAITING, None)


def test_a_collection_that_the_bank_took_back_is_found_by_its_end_to_end_reference(
    halden: House, sepa_file: Submission
) -> None:
    presume_paid(by=halden.system, entity=halden.entity, as_of=COLLECT_ON)
    camt = f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
      <GrpHdr><MsgId>N1</MsgId><CreDtTm>2026-05-21T06:00:00</CreDtTm></GrpHdr><Ntfctn><Id>N1</Id>
      <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>
      <Ntry><Amt Ccy="EUR">120.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>2026-05-21</Dt></BookgDt><ValDt><Dt>2026-05-21</Dt></ValDt>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls><TxDtls><Refs><EndToEndId>{of("S-1").reference}</EndToEndId><MndtId>HALDEN-S-1</MndtId></Refs>
          <Amt Ccy="EUR">120.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>
          <RtrInf><Rsn><Cd>MD01</Cd></Rsn></RtrInf></TxDtls></NtryDtls>
      </Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"""

    (returned,) = told(halden, "camt.xml", camt.encode())

    back = of("S-1")
    assert (returned.state, returned.collection, back.state) == (ReturnedDebit.State.BOOKED, back, State.RETURNED)
    assert back.receipt and not back.receipt.is_live
    assert back.mandate.is_ended, "MD01: there was no mandate"


# ACH -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def ach_file(harborline: House) -> Submission:
    for number, routing in enumerate(("011000015", "026009593")):
        payer = harborline.payer(f"A-{number}", f"Payer {number} Inc")
        harborline.mandate(payer, f"HARBOR-{number}", bank_code=routing, account_number=f"77001122{number}")
        harborline.owes(payer, f"INV-{number}", f"{number + 1}50.00")
    return harborline.submitted(harborline.prepared())


def answered(submission: Submission, code: str, data: str = "", *, only: str) -> bytes:
    """Our own file as the bank returns it: batch and entry as they were, with addenda that name the trace number."""
    assert submission.file is not None
    lines = submission.file.read().decode().splitlines()
    header, batch = lines[0], next(line for line in lines if line.startswith("5"))
    entry = next(line for line in lines if line.startswith("6") and only in line)
    kind = "98" if code.startswith("C") else "99"
    addenda = f"7{kind}{code}{entry[79:94]}{' ' * 6}{entry[3:11]}{data.ljust(44)}{'021000020000001'}"
    control = f"9000001000001{2:08d}".ljust(94)
    back = [header, batch, entry[:78] + "1" + entry[79:], addenda, "8".ljust(94), control]
    return "\n".join(line.ljust(94) for line in back).encode()


def test_an_ach_return_of_our_own_file_finds_its_collection(harborline: House, ach_file: Submission) -> None:
    presume_paid(by=harborline.system, entity=harborline.entity, as_of=COLLECT_ON)
    second = of("A-1")

    (returned,) = told(harborline, "returns.ach", answered(ach_file, "R01", only=second.reference))

    assert (returned.state, returned.collection) == (ReturnedDebit.State.BOOKED, second)
    assert [of("A-0").state, of("A-1").state] == [State.PRESUMED_PAID, State.RETURNED]
    assert {part.item.open_amount for part in second.parts.all()} == {Decimal(250)}


def test_a_notification_of_change_finds_the_mandate_of_the_collection_that_it_answers(
    harborline: House, ach_file: Submission
) -> None:
    content = answered(ach_file, "C01", "998877665", only=of("A-0").reference)

    (returned,) = told(harborline, "changes.ach", content)

    mandate = Mandate.objects.get(customer__code="A-0")
    assert (returned.state, returned.mandate) == (ReturnedDebit.State.BOOKED, mandate)
    assert mandate.is_paused


def test_payers_of_a_whole_run_are_told_apart(harborline: House, ach_file: Submission) -> None:
    assert {customer.code for customer in Customer.objects.filter(collections__submission=ach_file)} == {"A-0", "A-1"}
    assert ach_file.money.amount == Decimal(400)
