"""Field 61, the line itself, and its joining with what field 86 says."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cashapp.statements.model import Charge, References, StatementLine
from cashapp.statements.mt940_details import Details, read_details
from cashapp.statements.mt940_fields import TaggedField
from cashapp.statements.values import entry_date, reference, squeeze, swift_amount, swift_date

LINE = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4}|[ ]{4})?(?P<mark>[RE]?[DC])(?P<funds>[A-Z])?\s?"
    r"(?P<amount>\d{1,18},?\d{0,5})\s?(?P<code>[A-Z][A-Z0-9]{3})?(?P<rest>.*)$",
    re.DOTALL,
)
POINTERS = frozenset({"EREF", "PREF", "MARF", "KREF", "EREF+", "KREF+", "MREF+", "NONREF"})
PADDED = re.compile(r"(.{16})(\S.*)$")
CONTINUED_BANK_REFERENCE = re.compile(r"([0-9A-Z]*)(/TRCD/.*)$")
OWNED_AMOUNT = re.compile(r"/(OCMT|CHGS)/([A-Z]{3})([\d,]+)")


@dataclass(slots=True)
class LineDraft:
    """A line while its details come in."""

    line: StatementLine
    supplementary: str = ""
    details: list[str] = field(default_factory=list)


def line_of(each: TaggedField) -> LineDraft:
    """Read field 61; anything that does not fit is a ValueError."""
    found = LINE.match(each.value)
    if not found:
        raise ValueError(each.value)
    value_on = swift_date(found["value"])
    booked_on = entry_date(value_on, found["entry"]) if (found["entry"] or "").strip() else value_on
    amount = swift_amount(found["amount"])
    mark = found["mark"]
    # The reversal of a credit takes money out, the reversal of a debit brings it back.
    negative = mark in {"D", "RC", "ED"}
    head, supplementary = _head_and_supplementary(found["rest"])
    customer, bank, name = _head_references(head)
    line = StatementLine(
        booked_on=booked_on,
        value_on=value_on,
        amount=-amount if negative and amount else amount,
        currency="",
        payer=name,
        references=References(bank_reference=bank, entry_reference=bank, customer_reference=customer),
        is_reversal=mark.startswith("R"),
        is_pending=mark.startswith("E"),
        transaction_code=found["code"] or "",
        place=f"line {each.line_number}",
        raw=f":61:{each.value}",
    )
    return LineDraft(line, supplementary)


def _head_and_supplementary(rest: str) -> tuple[str, str]:
    """The references and, on the next line, the bank's own words; ING lets a long reference run over."""
    head, _, below = rest.partition("\n")
    joined = below.replace("\n", "")
    continued = CONTINUED_BANK_REFERENCE.match(joined) if "//" in head else None
    if continued:
        return head + continued[1], continued[2]
    return head, squeeze(below)


def _head_references(head: str) -> tuple[str, str, str]:
    """Customer reference, bank reference, and the name that old Dutch files write behind the sixteenth character."""
    customer, slashes, bank = head.partition("//")
    name = ""
    padded = PADDED.match(customer)
    if padded and not slashes and " " in customer.strip():
        customer, name = padded[1], padded[2]
    customer = reference(customer)
    return "" if customer in POINTERS else customer, reference(bank), squeeze(name)


def line_with_details(draft: LineDraft) -> StatementLine:
    """The finished line: field 61 and field 86 together."""
    line = draft.line
    details = read_details(draft.details, draft.supplementary, line.references.customer_reference)
    told = {details.payer, details.payer_account, ""}
    supplementary = "" if draft.supplementary.startswith("/") or draft.supplementary in told else draft.supplementary
    charges, original = _owned_amounts(draft.supplementary, details)
    references = replace(line.references, **details.references)
    if details.payer_account and references.customer_reference == details.payer_account:
        references = replace(references, customer_reference="")
    raw = line.raw + "".join(f"\n:86:{text}" for text in ["\n".join(draft.details)] if draft.details)
    return replace(
        line,
        payer=details.payer or line.payer,
        payer_account=details.payer_account,
        ultimate_payer=details.ultimate_payer,
        references=references,
        text=details.text or supplementary,
        posting_text=squeeze(f"{details.posting_text} {supplementary}"),
        charges=charges,
        return_reason=details.return_reason,
        transaction_code="-".join(filter(None, (line.transaction_code, details.transaction_code))),
        original_amount=original[0] if original else None,
        original_currency=original[1] if original else "",
        raw=raw,
    )


def _owned_amounts(supplementary: str, details: Details) -> tuple[tuple[Charge, ...], tuple[Decimal, str] | None]:
    """Fees and the amount before conversion, from the bank's own words or the details."""
    charges = list(details.charges)
    original = details.original
    for code, currency, written in OWNED_AMOUNT.findall(supplementary):
        amount = swift_amount(written)
        if code == "CHGS":
            charges.append(Charge(amount, currency))
        else:
            original = (amount, currency)
    return tuple(charges), original
