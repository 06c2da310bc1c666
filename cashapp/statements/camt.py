"""CAMT.052, .053 and .054 in every version: the same tree with small shifts, so it is read by local names."""

import re
from datetime import date
from decimal import Decimal

from cashapp.statements.camt_entries import Owner, lines_of_entry
from cashapp.statements.camt_values import Place, amount_of, date_of, sign_of
from cashapp.statements.model import Balance, Statement, StatementKind, StatementLine, StatementRefused
from cashapp.statements.safe_xml import Element, child, children, parse_xml, text_of

NAMESPACE = re.compile(r"camt\.05([234])\.001\.(\d{2})")
KINDS = {"3": StatementKind.BOOKED, "2": StatementKind.INTRADAY, "4": StatementKind.NOTIFICATION}
RECORDS = ("Stmt", "Rpt", "Ntfctn")
ACCOUNT_PATHS = ("Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/BBAN", "Acct/Id/PrtryAcct/Id", "Acct/Id/UPIC")
OPENING_CODES = ("OPBD", "PRCD")
BALANCE_CODES = (*OPENING_CODES, "CLBD", "ITBD", "CLAV")
BANK_PATHS = tuple(f"Acct/Svcr/FinInstnId/{each}" for each in ("BICFI", "BIC", "Nm", "NmAndAdr/Nm"))


def read_camt(content: bytes, name: str) -> tuple[Statement, ...]:
    """Every statement, report or notification in the message."""
    xml = parse_xml(content, name)
    version = NAMESPACE.search(xml.namespace)
    if not version:
        raise StatementRefused(
            f"{name} is XML of another kind ({xml.root.tag} {xml.namespace}".rstrip()
            + "). Ask the bank for CAMT.053, .052 or .054."
        )
    records = [record for message in xml.root for record in message if record.tag in RECORDS]
    if not records:
        raise StatementRefused(f"{name} is a CAMT message without any statement in it. Ask the bank to send it again.")
    place = Place(name)
    return tuple(
        _statement(record, KINDS[version[1]], version[0], place.within(f"statement {number}"))
        for number, record in enumerate(records, 1)
    )


def _statement(record: Element, kind: StatementKind, file_format: str, place: Place) -> Statement:
    balances = _balances(record, place)
    opening, closing = _ends(balances)
    account = text_of(record, *ACCOUNT_PATHS)
    owner = Owner(account.replace(" ", ""), text_of(record, "Acct/Ownr/Nm"))
    created_on = date_of(record, place, "FrToDt/ToDtTm", "CreDtTm") or (closing.on if closing else None)
    lines = _lines(record, owner, created_on, place)
    return Statement(
        kind=kind,
        file_format=file_format,
        account=owner.account,
        account_is_iban=bool(text_of(record, "Acct/Id/IBAN")),
        bank=text_of(record, *BANK_PATHS),
        currency=_currency(record, opening, closing, lines),
        opening=opening,
        closing=closing,
        available=balances["CLAV"][-1] if "CLAV" in balances else None,
        sequence=text_of(record, "ElctrncSeqNb", "LglSeqNb"),
        page=text_of(record, "StmtPgntn/PgNb", "RptPgntn/PgNb", "NtfctnPgntn/PgNb"),
        identifier=text_of(record, "Id"),
        from_on=date_of(record, place, "FrToDt/FrDtTm"),
        to_on=date_of(record, place, "FrToDt/ToDtTm"),
        lines=lines,
    )


def _lines(record: Element, owner: Owner, created_on: date | None, place: Place) -> tuple[StatementLine, ...]:
    return tuple(
        line
        for number, entry in enumerate(children(record, "Ntry"), 1)
        for line in lines_of_entry(entry, owner, created_on, place.within(f"entry {number}"))
    )


def _balances(record: Element, place: Place) -> dict[str, list[Balance]]:
    by_code: dict[str, list[Balance]] = {}
    for element in children(record, "Bal"):
        code = text_of(element, "Tp/CdOrPrtry/Cd", "Tp/Cd")
        if code in BALANCE_CODES:
            by_code.setdefault(code, []).append(_balance(element, place.within(f"balance {code}")))
    return by_code


def _ends(by_code: dict[str, list[Balance]]) -> tuple[Balance | None, Balance | None]:
    """The booked balances; on pages of a longer statement the interim ones stand in for the missing end."""
    opening = next((by_code[code][0] for code in OPENING_CODES if code in by_code), None)
    closing = by_code["CLBD"][-1] if "CLBD" in by_code else None
    interim = by_code.get("ITBD", [])
    if interim and (len(interim) > 1 or opening or closing):
        return opening or interim[0], closing or interim[-1]
    return opening, closing


def _balance(element: Element, place: Place) -> Balance:
    found = child(element, "Amt")
    sign = sign_of(element)
    on = date_of(element, place, "Dt/Dt", "Dt/DtTm")
    if found is None or sign is None or on is None:
        raise place.refused("the balance lacks its amount, its date or whether it is credit or debit.")
    amount, currency = amount_of(found, place)
    return Balance(sign * amount if amount else Decimal(0), currency, on)


def _currency(
    record: Element, opening: Balance | None, closing: Balance | None, lines: tuple[StatementLine, ...]
) -> str:
    told = text_of(record, "Acct/Ccy")
    if told:
        return told
    for balance in (opening, closing):
        if balance:
            return balance.currency
    found = {line.currency for line in lines}
    return found.pop() if len(found) == 1 else ""
