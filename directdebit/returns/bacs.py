"""Bacs reports: ARUDD (unpaid debits), ADDACS and AUDDIS (mandates), DDICA (indemnity claims)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cashapp.statements.safe_xml import Element, XmlFile, child, children, text_of
from cashapp.statements.values import squeeze
from directdebit.returns.advice import Advice, CodeList, Kind, NewDetails, Report, ReportRefused, masked
from directdebit.returns.values import AGAIN, amount_at, date_at

ADDACS_AMENDS = frozenset("CE")
ADDACS_KINDS = {"R": Kind.MANDATE_REINSTATED, "D": Kind.OTHER}
MESSAGE_KINDS = {"A": CodeList.ADDACS, "D": CodeList.AUDDIS, "N": CodeList.AUDDIS}
TOTALS_OF_FILE = frozenset("VR")
CLAIMS = {"NewAdvices/DDICAdvice": Kind.CLAIMED, "Cancellations/DDICCancellation": Kind.CLAIM_CANCELLED}


@dataclass(frozen=True, slots=True)
class Place:
    """Which file, and where in it."""

    name: str
    at: str

    def __str__(self) -> str:
        return f"{self.name}, {self.at}"


def is_bacs(xml: XmlFile) -> bool:
    """Whether the root is one that Bacs uses."""
    return xml.root.tag in {"BACSDocument", "VocaDocument"}


def read_bacs(xml: XmlFile, name: str) -> Report:
    """The report, whichever of the four it is."""
    for path, reader in (("Data/ARUDD", _arudd), ("Data/MessagingAdvices", _messages), ("Data/Document", _claims)):
        found = child(xml.root, path)
        if found is not None:
            return reader(found, name)
    raise ReportRefused(f"{name} is a Bacs document, but no ARUDD, ADDACS, AUDDIS or DDICA report.")


def code_of(written: str) -> str:
    """The reason in a Bacs code: of four signs, as ARUDD has them, it is the first."""
    bare = written.strip().upper()
    return bare[:1] if len(bare) == 4 else bare


# ARUDD ---------------------------------------------------------------------------------------------------------------


def _arudd(arudd: Element, name: str) -> Report:
    header = child(arudd, "Header")
    made_on = date_at(_told(header, "currentProcessingDate"), f"{name}, header")
    advices: list[Advice] = []
    for number, record in enumerate(children(arudd, "Advice/OriginatingAccountRecords/OriginatingAccountRecord"), 1):
        items = [*_unpaid(record, made_on, name, len(advices))]
        _prove(record, items, f"{name}, account {number}")
        advices += items
    return Report(
        name=name,
        format="ARUDD",
        advices=tuple(advices),
        identifier=_told(header, "adviceNumber"),
        service=_told(child(arudd, "ServiceLicenseInformation"), "userNumber"),
        made_on=made_on,
    )


def _unpaid(record: Element, made_on: date | None, name: str, before: int) -> Iterator[Advice]:
    for number, item in enumerate(children(record, "ReturnedDebitItem"), before + 1):
        place = Place(name, f"item {number}")
        payer = child(item, "PayerAccount")
        yield Advice(
            kind=Kind.UNPAID,
            codes=CodeList.ARUDD,
            code=_required(code_of(_told(item, "returnCode")), "return code", place),
            words=squeeze(_told(item, "returnDescription")),
            mandate_reference=squeeze(_told(item, "ref") or _told(payer, "ref")),
            amount=amount_at(_told(item, "valueOf"), str(place)),
            currency=_told(item, "currency") or "GBP",
            collected_on=date_at(_told(item, "originalProcessingDate"), str(place)),
            effective_on=made_on,
            payer=squeeze(_told(payer, "name")),
            payer_account=masked(_told(payer, "number")),
            place=place.at,
        )


def _prove(record: Element, items: list[Advice], place: str) -> None:
    """The report says how many items it has and what they come to."""
    totals = child(record, "Totals")
    if totals is None:
        return
    told = (_told(totals, "numberOf"), amount_at(_told(totals, "valueOf"), place) if items else None)
    found = (str(len(items)), sum(item.amount or 0 for item in items) if items else None)
    if told != found:
        raise ReportRefused(
            f"{place}: it tells of {told[0]} items of {told[1]}, but holds {found[0]} of {found[1]}. {AGAIN}"
        )


# ADDACS and AUDDIS ---------------------------------------------------------------------------------------------------


def _messages(messages: Element, name: str) -> Report:
    header = child(messages, "MessagingHeader", "Header")
    made_on = date_at(_told(header, "report-generation-date"), f"{name}, header")
    advices: list[Advice] = []
    for number, element in enumerate(children(messages, "MessagingAdvice"), 1):
        if _told(element, "record-type") not in TOTALS_OF_FILE:
            advices.append(_message(element, made_on, Place(name, f"message {number}")))
    errors = tuple(squeeze(_told(each, "line1")) for each in children(messages, "MessagingError"))
    codes = {advice.codes for advice in advices} or {CodeList.AUDDIS}
    return Report(
        name=name,
        format=" and ".join(sorted(codes)),
        advices=tuple(advices),
        identifier=_told(header, "advice-number"),
        service=_told(header, "user-number") or _told(child(messages, "MessagingAdvice"), "user-number"),
        made_on=made_on,
        findings=errors,
    )


def _message(element: Element, made_on: date | None, place: Place) -> Advice:
    record = _told(element, "record-type").upper()
    codes = MESSAGE_KINDS.get(record)
    if codes is None:
        raise ReportRefused(f"{place}: “{record}” is no record of ADDACS or AUDDIS. {AGAIN}")
    code = _required(code_of(_told(element, "reason-code")), "reason code", place)
    return Advice(
        kind=_kind_of(codes, code),
        codes=codes,
        code=code,
        mandate_reference=_required(squeeze(_told(element, "reference")), "reference", place),
        effective_on=date_at(_told(element, "effective-date"), str(place)) or made_on,
        payer=squeeze(_told(element, "payer-name")),
        payer_account=masked(_told(element, "payer-account-number")),
        new_details=NewDetails(
            sort_code=_told(element, "payer-new-sort-code"),
            account=_told(element, "payer-new-account-number"),
        ),
        place=place.at,
    )


def _kind_of(codes: CodeList, code: str) -> Kind:
    if codes == CodeList.AUDDIS:
        return Kind.MANDATE_AMENDED if code == "C" else Kind.MANDATE_REFUSED
    if code in ADDACS_AMENDS:
        return Kind.MANDATE_AMENDED
    return ADDACS_KINDS.get(code, Kind.MANDATE_CANCELLED)


# DDICA ---------------------------------------------------------------------------------------------------------------


def _claims(document: Element, name: str) -> Report:
    advices: list[Advice] = []
    for path, kind in CLAIMS.items():
        block = path.partition("/")[0]
        debited_on = date_at(text_of(document, f"{block}/DateOfDebit"), f"{name}, {block}")
        for number, claim in enumerate(children(document, path), 1):
            advices += _claim(claim, kind, debited_on, Place(name, f"{block} {number}"))
    return Report(
        name=name,
        format="DDICA",
        advices=tuple(advices),
        identifier=text_of(document, "ReportNumber", "DocumentNumber"),
        service=text_of(document, "ServiceUserNumber"),
        made_on=date_at(text_of(document, "ReportDate", "DocumentDate"), name),
    )


def _claim(claim: Element, kind: Kind, debited_on: date | None, place: Place) -> Iterator[Advice]:
    """A claim may name several collections: each is an advice of its own."""
    debits = [*children(claim, "DDCollections/DDCollection"), *children(claim, "DDCollections/Collection")]
    if not debits:
        raise ReportRefused(f"{place}: the claim names no collection. {AGAIN}")
    for debit in debits:
        yield Advice(
            kind=kind,
            codes=CodeList.DDICA,
            code=_required(code_of(text_of(claim, "ReasonCode")), "reason code", place),
            words=squeeze(text_of(claim, "ReasonCodeMeaning")),
            mandate_reference=squeeze(text_of(claim, "SUReference")),
            claim_reference=squeeze(text_of(claim, "PayingBankReference")),
            amount=amount_at(text_of(debit, "Amount"), str(place)),
            currency="GBP",
            collected_on=date_at(text_of(debit, "DateOfDirectDebit", "DebitDate"), str(place)),
            effective_on=debited_on,
            payer=squeeze(text_of(claim, "PayerName")),
            payer_account=masked(text_of(claim, "PayerAccount")),
            place=place.at,
        )


def _told(element: Element | None, name: str) -> str:
    return "" if element is None else str(element.get(name) or "").strip()


def _required(value: str, what: str, place: Place) -> str:
    if not value:
        raise ReportRefused(f"{place}: the {what} is missing. {AGAIN}")
    return value
