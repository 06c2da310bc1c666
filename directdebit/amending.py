"""What a scheme lets change in a mandate without a new one. Pure."""

from directdebit.models import Mandate
from directdebit.references import malformed
from directdebit.schemes import Scheme

SEPA = frozenset({Scheme.SEPA_CORE, Scheme.SEPA_B2B})


def why_not_amended(mandate: Mandate, is_other_account: bool, reference: str, change_was_told: bool) -> str:
    """Why a change can't be made to this mandate, in a sentence; nothing where it can.

    SEPA carries both changes to the payer's bank with the next collection. Bacs keeps an instruction through a change
    of account only where the payer's bank told of it by ADDACS, and ACH applies what a notification of change says;
    a new account that the payer tells of needs a new instruction there.
    """
    if not mandate.is_live:
        return f"Mandate {mandate} is {mandate.get_state_display().lower()}; only a live one is amended."
    if not mandate.creditor.writes_files:
        provider = mandate.creditor.get_provider_display()
        return f"{provider} keeps the account of mandate {mandate}. End it and write a new one."
    scheme = Scheme(mandate.creditor.scheme)
    if mandate.reference != reference:
        if scheme not in SEPA:
            return f"{scheme.label} knows the mandate by its reference. End it and write a new one."
        if reason := malformed(scheme, reference):
            return reason
    if is_other_account and scheme not in SEPA and not change_was_told:
        return (
            f"The payer's bank did not tell of a new account for mandate {mandate}. A change that the payer tells of "
            f"needs a new {scheme.label} instruction: end this mandate and write a new one."
        )
    return ""
