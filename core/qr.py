"""Codes that a phone reads to pay: the EPC code for transfers in euro, else the payment's data as lines of text."""

import segno

from core.models import BankAccount
from core.money import Money

LONGEST_NAME = 70
LARGEST_IN_EPC = 999_999_999
INK = "#14202a"
PIXELS = 4


def payment_code(account: BankAccount, holder: str, amount: Money, reference: str) -> str:
    """What the code says: account, amount and reference."""
    if amount.currency == "EUR" and account.iban and 0 < amount.amount <= LARGEST_IN_EPC:
        return _epc(account, holder, amount, reference)
    facts = [
        ("Pay", holder),
        ("Bank", account.bank_name),
        ("Sort code", account.sort_code),
        ("Account", account.account_number),
        ("IBAN", account.iban),
        ("BIC", account.bic),
        ("Amount", f"{amount.currency} {amount.amount}"),
        ("Reference", reference),
    ]
    return "\n".join(f"{label}: {value}" for label, value in facts if value)


def qr_url(text: str) -> str:
    """The code as the address of a picture. A drawing would take a PDF ten times as long as this picture does."""
    url: str = segno.make(text, error="m", micro=False).png_data_uri(scale=PIXELS, border=0, dark=INK)
    return url


def _epc(account: BankAccount, holder: str, amount: Money, reference: str) -> str:
    structured = reference if reference.startswith("RF") else ""
    lines = ["BCD", "002", "1", "SCT", account.bic, holder[:LONGEST_NAME], account.iban.replace(" ", "")]
    lines += [f"EUR{amount.amount:.2f}", "", structured, "" if structured else reference[:140]]
    return "\n".join(lines).rstrip("\n")
