"""T-accounts in plain text, as they stand in textbooks."""

from decimal import Decimal
from textwrap import dedent

from core.models import LegalEntity
from ledger.models import Account, JournalLine

WIDTH = 24


def t_accounts(entity: LegalEntity, *codes: str) -> str:
    """Draw accounts with what the entries' text says on either side, in the currency of the books."""
    accounts = Account.objects.filter(entity=entity).order_by("code")
    used = [account for account in accounts if account.code in codes or not codes]
    return "\n\n".join(drawing for account in used if (drawing := _drawn(account)))


def _drawn(account: Account) -> str:
    lines = JournalLine.objects.filter(account=account).select_related("entry").order_by("posted_on", "pk")
    debits = [_side(line, line.base_debit) for line in lines if line.base_debit]
    credits = [_side(line, line.base_credit) for line in lines if line.base_credit]
    if not debits and not credits:
        return ""
    rows = max(len(debits), len(credits))
    pairs = zip(debits + [""] * (rows - len(debits)), credits + [""] * (rows - len(credits)), strict=True)
    balance = sum((line.base_debit - line.base_credit for line in lines), Decimal(0))
    side = "debit" if balance > 0 else "credit" if balance < 0 else ""
    body = [f"{left:<{WIDTH}} | {right}".rstrip() for left, right in pairs]
    return "\n".join([str(account), "-" * (2 * WIDTH + 3), *body, f"= {abs(balance):,.2f} {side}".rstrip()])


def _side(line: JournalLine, amount: Decimal) -> str:
    return f"{line.entry.text or line.entry.kind:<13}{amount:>{WIDTH - 13},.2f}"


def drawn(text: str) -> str:
    """An expected drawing from a docstring."""
    return dedent(text).strip()
