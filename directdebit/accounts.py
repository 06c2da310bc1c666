"""From which accounts a scheme draws. Pure."""

from customers.models import CustomerBankAccount
from directdebit.models import Creditor
from directdebit.schemes import Scheme


def why_not_drawn_from(creditor: Creditor, account: CustomerBankAccount) -> str:
    """Why an account is not of the scheme's kind, in a sentence; nothing where it is."""
    if creditor.scheme == Scheme.BACS and account.uk_parts is None:
        return f"Bacs draws from UK accounts; {account} has no sort code."
    if creditor.scheme in {Scheme.SEPA_CORE, Scheme.SEPA_B2B} and not account.iban:
        return f"SEPA draws from accounts with an IBAN; {account} has none."
    if creditor.scheme == Scheme.ACH and not (account.country == "US" and account.bank_code):
        return f"ACH draws from US accounts; {account} has no routing number."
    return ""
