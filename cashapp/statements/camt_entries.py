"""One CAMT entry becomes one line, or one line for each payment in it when their amounts add up to the entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cashapp.statements.camt_remittance import documents_of, remittance_text, structured_references
from cashapp.statements.camt_values import Place, amount_of, charges_of, date_of, sign_of
from cashapp.statements.model import References, StatementLine, sum_of
from cashapp.statements.safe_xml import Element, child, children, text_of
from cashapp.statements.values import reference, squeeze

PENDING = frozenset({"PDNG", "INFO", "FUTR"})
DETAIL_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")
ORIGINAL_AMOUNTS = ("AmtDtls/InstdAmt/Amt", "AmtDtls/CntrValAmt/Amt", "Amt", "AmtDtls/TxAmt/Amt")
REFERENCE_PATHS = {
    "end_to_end": "EndToEndId",
    "transaction": "TxId",
    "instruction": "InstrId",
    "payment": "PmtInfId",
    "message": "MsgId",
    "uetr": "UETR",
    "mandate": "MndtId",
    "cheque": "ChqNb",
    "clearing": "ClrSysRef",
}
AGREED_REFERENCES = ("end_to_end", "transaction", "instruction", "payment", "message", "mandate", "creditor_reference")
NAME_PATHS = ("Nm", "Pty/Nm", "FinInstnId/Nm", "Agt/FinInstnId/Nm")
ACCOUNT_PATHS = ("Id/IBAN", "Id/Othr/Id", "Id/BBAN", "Id/PrtryAcct/Id", "Id/UPIC")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose statement it is, to tell the other side from our own."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a payment."""

    name: str
    account: str
    ultimate: str

    def is_owner(self, owner: Owner) -> bool:
        """True for our own side: the same account, or our name where no account is told."""
        if self.account:
            return self.account == owner.account
        return bool(self.name) and self.name == owner.name


def lines_of_entry(entry: Element, owner: Owner, fallback: date | None, place: Place) -> tuple[StatementLine, ...]:
    """The entry's lines; every one carries the entry's dates, code and status."""
    details = [*children(entry, "NtryDtls/TxDtls"), *children(entry, "TxDtls")]
    amount, currency = _entry_amount(entry, details, place)
    whole = _whole_entry(entry, amount, currency, fallback, place)
    split = _split_amounts(details, amount, currency, place)
    if split:
        return tuple(
            _with_detail(replace(whole, amount=part, place=f"{whole.place}, payment {number}"), detail, owner, place)
            for number, (detail, part) in enumerate(zip(details, split, strict=True), 1)
        )
    if len(details) == 1:
        return (_with_detail(whole, details[0], owner, place),)
    return (_with_common_details(whole, details, owner, place),)


def _entry_amount(entry: Element, details: Sequence[Element], place: Place) -> tuple[Decimal, str]:
    element, sign = child(entry, "Amt"), sign_of(entry)
    if element is not None and sign is not None:
        amount, currency = amount_of(element, place)
        return sign * amount if amount else Decimal(0), currency
    parts = [_own_amount(detail, place) for detail in details]
    told = [part for part in parts if part]
    if element is not None or not told or len(told) < len(details) or len({currency for _, currency in told}) > 1:
        raise place.refused("the entry lacks its amount or whether it is credit or debit.")
    return sum_of(amount for amount, _ in told), told[0][1]


def _own_amount(detail: Element, place: Place) -> tuple[Decimal, str] | None:
    element, sign = child(detail, *DETAIL_AMOUNTS), sign_of(detail)
    if element is None or sign is None:
        return None
    amount, currency = amount_of(element, place)
    return sign * amount, currency


def _split_amounts(details: Sequence[Element], total: Decimal, currency: str, place: Place) -> list[Decimal]:
    """The payments' signed amounts when there are several and they add up to the entry; else nothing.

    Some banks leave the payments' own signs wrong or out; then the entry's sign holds for all.
    """
    if len(details) < 2:
        return []
    sign = -1 if total < 0 else 1
    amounts: list[tuple[Decimal, int]] = []
    for detail in details:
        amount = _amount_in(detail, currency, place)
        if amount is None:
            return []
        amounts.append((amount, sign_of(detail) or sign))
    signed = [amount * own for amount, own in amounts]
    if sum_of(signed) == total:
        return signed
    uniform = [amount * sign for amount, _ in amounts]
    return uniform if sum_of(uniform) == total else []


def _amount_in(detail: Element, currency: str, place: Place) -> Decimal | None:
    for path in DETAIL_AMOUNTS:
        element = child(detail, path)
        if element is not None and element.get("Ccy") == currency:
            return amount_of(element, place)[0]
    return None


def _whole_entry(entry: Element, amount: Decimal, currency: str, fallback: date | None, place: Place) -> StatementLine:
    value_on = date_of(entry, place, "ValDt/Dt", "ValDt/DtTm")
    booked_on = date_of(entry, place, "BookgDt/Dt", "BookgDt/DtTm") or value_on or fallback
    if booked_on is None:
        raise place.refused("the entry has no date.")
    entry_reference = reference(text_of(entry, "AcctSvcrRef"))
    return StatementLine(
        booked_on=booked_on,
        value_on=value_on or booked_on,
        amount=amount,
        currency=currency,
        references=References(entry_reference=entry_reference, bank_reference=entry_reference),
        text=squeeze(text_of(entry, "AddtlNtryInf")),
        posting_text=squeeze(text_of(entry, "AddtlNtryInf")),
        charges=charges_of(entry, place),
        is_reversal=text_of(entry, "RvslInd") in {"true", "1"},
        is_pending=text_of(entry, "Sts/Cd", "Sts") in PENDING,
        transaction_code=_transaction_code(entry),
        place=place.at,
    )


def _transaction_code(element: Element) -> str:
    domain = [text_of(element, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "-".join(filter(None, domain)) or text_of(element, "BkTxCd/Prtry/Cd")


def _with_detail(line: StatementLine, detail: Element, owner: Owner, place: Place) -> StatementLine:
    """The entry's line, filled with what one payment says."""
    party = _other_side(detail, owner, incoming=line.amount >= 0)
    text = remittance_text(detail) or squeeze(text_of(detail, "AddtlTxInf")) or line.text
    original = _original_amount(detail, line.currency, place)
    return replace(
        line,
        payer=party.name,
        payer_account=party.account,
        ultimate_payer=party.ultimate,
        references=_references(line.references, detail),
        text=text,
        posting_text=squeeze(f"{line.posting_text} {text_of(detail, 'AddtlTxInf')}"),
        charges=charges_of(detail, place) or line.charges,
        documents=documents_of(detail, place),
        return_reason=text_of(detail, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/RtrRsn/Cd"),
        transaction_code=line.transaction_code or _transaction_code(detail),
        original_amount=original[0] if original else None,
        original_currency=original[1] if original else "",
    )


def _references(of_entry: References, detail: Element) -> References:
    refs = child(detail, "Refs")
    given = {name: reference(text_of(refs, path)) for name, path in REFERENCE_PATHS.items()}
    own = reference(text_of(refs, "AcctSvcrRef"))
    return replace(
        of_entry,
        bank_reference=own or of_entry.bank_reference,
        creditor_reference=next(iter(structured_references(detail)), ""),
        **given,
    )


def _original_amount(detail: Element, currency: str, place: Place) -> tuple[Decimal, str] | None:
    for path in ORIGINAL_AMOUNTS:
        element = child(detail, path)
        if element is not None and element.get("Ccy") != currency:
            return amount_of(element, place)
    return None


def _other_side(detail: Element, owner: Owner, *, incoming: bool) -> Party:
    """Who is on the other side. Returned payments keep the roles of the first way, so our own side is passed over."""
    debtor, creditor = _party(detail, "Dbtr"), _party(detail, "Cdtr")
    sides = (debtor, creditor) if incoming else (creditor, debtor)
    named = [side for side in sides if (side.name or side.account) and not side.is_owner(owner)]
    return named[0] if named else Party("", "", "")


def _party(detail: Element, role: str) -> Party:
    party = child(detail, f"RltdPties/{role}")
    account = child(detail, f"RltdPties/{role}Acct")
    ultimate = text_of(child(detail, f"RltdPties/Ultmt{role}"), *NAME_PATHS)
    name = text_of(party, *NAME_PATHS) or ultimate or text_of(account, "Nm")
    return Party(squeeze(name), text_of(account, *ACCOUNT_PATHS).replace(" ", ""), squeeze(ultimate))


def _with_common_details(line: StatementLine, details: Sequence[Element], owner: Owner, place: Place) -> StatementLine:
    """Several payments without amounts of their own: what all agree on, and everything that any of them says."""
    if not details:
        return line
    filled = [_with_detail(line, detail, owner, place) for detail in details]
    spoken = [each.references.given() for each in filled]
    common = {name: _agreed(given.get(name, "") for given in spoken) for name in AGREED_REFERENCES}
    charges = tuple(charge for detail in details for charge in charges_of(detail, place))
    return replace(
        line,
        payer=_agreed(each.payer for each in filled),
        payer_account=_agreed(each.payer_account for each in filled),
        references=replace(line.references, **common),
        text=squeeze(" ".join(dict.fromkeys(each.text for each in filled))),
        documents=tuple(document for each in filled for document in each.documents),
        return_reason=_agreed(each.return_reason for each in filled),
        charges=charges or line.charges,
    )


def _agreed(values: Iterable[str]) -> str:
    """The one value that all share, else nothing."""
    different = set(values)
    return different.pop() if len(different) == 1 else ""
