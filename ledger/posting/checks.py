"""What can be seen to be wrong with an entry before the database sees it."""

from decimal import Decimal

from core.currencies import known_currency, minor_units
from core.money import LARGEST, ZERO, round_to_currency
from ledger.models import Account
from ledger.posting.drafts import EntryDraft, LineDraft
from ledger.posting.errors import NotPostable, Unbalanced

LONGEST_NUMBER = 58  # leaves room for the mark of a reversal


def refuse_unpostable(draft: EntryDraft) -> None:
    """Refuse an entry that is not whole, not balanced or not exact."""
    if known_currency(draft.currency) != draft.currency:
        raise NotPostable(f"“{draft.currency}” in {name_of(draft)}: write currencies in capitals.")
    if len(draft.lines) < 2:
        raise NotPostable(f"{name_of(draft)} needs a line on each side.")
    debit = credit = ZERO
    for line in draft.lines:
        _refuse_amounts(draft, line)
        debit += line.debit
        credit += line.credit
        if line.item is not None or line.role_or_account == Account.Role.RECEIVABLES:
            _refuse_receivable(draft, line)
    if debit != credit:
        raise Unbalanced(f"{name_of(draft)} is out of balance: {debit} {draft.currency} debit, {credit} credit.")


def name_of(draft: EntryDraft) -> str:
    """What a refusal calls the entry: its document if it has one."""
    numbers = [line.item.number for line in draft.lines if line.item]
    return numbers[0] if numbers else draft.text or f"The {draft.kind} of {draft.posted_on:%d %b %Y}"


def is_exact(amount: Decimal, currency: str) -> bool:
    """Whether an amount can be booked: finite, not too large, and of no more decimals than the currency has."""
    if not amount.is_finite() or abs(amount) > LARGEST:
        return False
    exponent = amount.as_tuple().exponent
    return (isinstance(exponent, int) and exponent >= -minor_units(currency)) or amount == round_to_currency(
        amount, currency
    )


def _refuse_amounts(draft: EntryDraft, line: LineDraft) -> None:
    for amount in (line.debit, line.credit):
        if not is_exact(amount, draft.currency):
            raise NotPostable(f"{amount} {draft.currency} in {name_of(draft)} is not an amount that can be booked.")
        if amount < 0:
            raise NotPostable(f"{name_of(draft)} has {amount} {draft.currency}: amounts are positive, on either side.")
    if line.debit and line.credit:
        raise NotPostable(f"A line of {name_of(draft)} is debit and credit at once.")
    if line.base is not None and not is_exact(line.base, draft.entity.currency):
        raise NotPostable(
            f"{line.base} {draft.entity.currency} in {name_of(draft)} is not an amount that can be booked."
        )
    if draft.currency == draft.entity.currency and line.base not in (None, line.debit or line.credit):
        raise NotPostable(f"{name_of(draft)} is in {draft.currency} and states another value in {draft.currency}.")
    if not line.debit and not line.credit and not line.base:
        raise NotPostable(f"A line of {name_of(draft)} has no amount.")


def _refuse_receivable(draft: EntryDraft, line: LineDraft) -> None:
    if line.customer is None or line.customer.entity_id != draft.entity.pk:
        raise NotPostable(f"{name_of(draft)} needs a customer of {draft.entity.name}.")
    if line.item is None and (line.debit or line.credit):
        raise NotPostable(f"{name_of(draft)} posts to receivables without an open item.")
    if line.item is not None and not 0 < len(line.item.number.strip()) <= LONGEST_NUMBER:
        raise NotPostable(f"“{line.item.number}” of {line.customer} is no number for a document: empty or too long.")
