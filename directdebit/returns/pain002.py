"""pain.002: what the bank says of a pain.008 file before the money moves: of the file, a batch or a collection."""

import re
from collections.abc import Iterator
from datetime import date

from cashapp.statements.safe_xml import Element, XmlFile, child, children, text_of
from cashapp.statements.values import reference, squeeze
from directdebit.returns.advice import Advice, CodeList, Kind, Report, ReportRefused, masked
from directdebit.returns.values import AGAIN, amount_at, date_at

NAMESPACE = re.compile(r"pain\.002\.001\.(\d{2})")
ROOT = "CstmrPmtStsRpt"
DEBITS = "pain.008"
NOT_SPECIFIED = "MS03"


def is_pain002(xml: XmlFile) -> bool:
    """Whether the message is a payment status report of a version of ISO 20022."""
    return bool(NAMESPACE.search(xml.namespace)) and child(xml.root, ROOT) is not None


def read_pain002(xml: XmlFile, name: str) -> Report:
    """Everything that was rejected; what was accepted is no advice."""
    report = child(xml.root, ROOT)
    about = text_of(report, "OrgnlGrpInfAndSts/OrgnlMsgNmId")
    made_on = date_at(text_of(report, "GrpHdr/CreDtTm"), f"{name}, header")
    told = about.lower().startswith(DEBITS)
    findings = () if told else (f"It tells of {about or 'no message'}; direct debits are sent as pain.008.",)
    return Report(
        name=name,
        format=NAMESPACE.search(xml.namespace)[0],  # type: ignore[index]
        advices=tuple(_rejected(report, made_on, name)) if told and report is not None else (),
        identifier=text_of(report, "GrpHdr/MsgId"),
        service=text_of(report, "OrgnlGrpInfAndSts/OrgnlMsgId"),
        made_on=made_on,
        findings=findings,
    )


def _rejected(report: Element, made_on: date | None, name: str) -> Iterator[Advice]:
    group = child(report, "OrgnlGrpInfAndSts")
    message = text_of(group, "OrgnlMsgId")
    batches = list(children(report, "OrgnlPmtInfAndSts"))
    if text_of(group, "GrpSts") == "RJCT" and not batches:
        yield _of_many(group, message, made_on, f"{name}, file")
    for number, batch in enumerate(batches, 1):
        place = f"{name}, batch {number}"
        single = [one for one in children(batch, "TxInfAndSts") if text_of(one, "TxSts") == "RJCT"]
        for position, transaction in enumerate(single, 1):
            yield _of_one(transaction, made_on, f"{place}, transaction {position}")
        if text_of(batch, "PmtInfSts") == "RJCT" and not single:
            yield _of_many(batch, text_of(batch, "OrgnlPmtInfId") or message, made_on, place)


def _of_many(element: Element | None, batch: str, made_on: date | None, place: str) -> Advice:
    if not batch:
        raise ReportRefused(f"{place}: it is rejected, but not named. {AGAIN}")
    return Advice(
        kind=Kind.UNPAID,
        codes=CodeList.SEPA,
        code=_code(element),
        words=_words(element),
        batch_reference=batch,
        effective_on=made_on,
        place=place,
    )


def _of_one(transaction: Element, made_on: date | None, place: str) -> Advice:
    original = child(transaction, "OrgnlTxRef")
    amount = child(original, "Amt/InstdAmt", "IntrBkSttlmAmt")
    return Advice(
        kind=Kind.UNPAID,
        codes=CodeList.SEPA,
        code=_code(transaction),
        words=_words(transaction),
        mandate_reference=reference(text_of(original, "MndtRltdInf/MndtId")),
        collection_reference=reference(text_of(transaction, "OrgnlEndToEndId")),
        amount=None if amount is None else amount_at(amount.text or "", place),
        currency="" if amount is None else str(amount.get("Ccy") or ""),
        collected_on=date_at(text_of(original, "ReqdColltnDt"), place),
        effective_on=made_on,
        payer=squeeze(text_of(original, "Dbtr/Nm", "Dbtr/Pty/Nm")),
        payer_account=masked(text_of(original, "DbtrAcct/Id/IBAN", "DbtrAcct/Id/Othr/Id")),
        place=place,
    )


def _code(element: Element | None) -> str:
    return text_of(element, "StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry") or NOT_SPECIFIED


def _words(element: Element | None) -> str:
    return squeeze(text_of(element, "StsRsnInf/AddtlInf"))
