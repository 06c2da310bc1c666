"""Returns as a table: what banks and providers let people download, and what people write down themselves."""

import re
from collections.abc import Mapping

from core.tables import TableRefused, read_table
from directdebit.returns.advice import Advice, CodeList, Kind, Report, ReportRefused, masked
from directdebit.returns.values import amount_at, date_at

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "mandate": ("mandate", "mandate reference", "mandate id", "mndtid", "dd reference", "core reference"),
    "collection": ("reference", "end to end id", "endtoendid", "payment reference", "collection", "payment id"),
    "claim": ("unique import id", "return id", "claim reference"),
    "amount": ("amount", "value", "returned amount"),
    "currency": ("currency", "ccy"),
    "collected": ("collected on", "original date", "due date", "collection date"),
    "returned": ("date", "returned on", "return date"),
    "code": ("reason code", "return code", "code"),
    "words": ("reason", "description", "return description"),
    "payer": ("partner name", "payer", "payer name", "name of payer", "customer"),
    "account": ("account number of payer", "payer account", "payer iban"),
}
NEEDED = ("amount", "code")
NACHA_CODE = re.compile(r"[RC]\d\d")


def read_return_table(content: bytes, name: str) -> Report:
    """Every row is a return; amount, reason code and one reference must be there."""
    try:
        table = read_table(name, content)
    except TableRefused as refusal:
        raise ReportRefused(refusal.message) from refusal
    columns = _columns(table.headings)
    missing = [each for each in NEEDED if each not in columns]
    if missing or not {"mandate", "collection", "claim"} & set(columns):
        wanted = " and ".join(missing) or "a mandate or payment reference"
        raise ReportRefused(f"{name} is no table of returns: a column for {wanted} is missing.")
    advices = [_advice({key: row[heading] for key, heading in columns.items()}, f"{name}, row {number}")
               for number, row in table.records()]  # fmt: skip
    return Report(name=name, format="table", advices=tuple(advices))


def _columns(headings: list[str]) -> dict[str, str]:
    plain = {" ".join(re.split(r"[\s_\-]+", heading.lower().strip())): heading for heading in headings}
    return {key: plain[alias] for key, aliases in HEADINGS.items() for alias in reversed(aliases) if alias in plain}


def _advice(row: Mapping[str, str], place: str) -> Advice:
    code = row["code"].strip().upper()
    if not code:
        raise ReportRefused(f"{place}: the reason code is missing.")
    return Advice(
        kind=Kind.UNPAID,
        codes=codes_of(code),
        code=code,
        words=row.get("words", ""),
        mandate_reference=row.get("mandate", ""),
        collection_reference=row.get("collection", ""),
        claim_reference=row.get("claim", ""),
        amount=amount_at(row["amount"], place),
        currency=row.get("currency", "").upper(),
        collected_on=date_at(row.get("collected", ""), place),
        effective_on=date_at(row.get("returned", ""), place),
        payer=row.get("payer", ""),
        payer_account=masked(row.get("account", "")),
        place=place,
    )


def codes_of(code: str) -> CodeList:
    """The list that a code belongs to, by its form."""
    if len(code) == 1:
        return CodeList.ARUDD
    return CodeList.NACHA if NACHA_CODE.fullmatch(code) else CodeList.SEPA
