"""References of mandates, as the schemes take them. Pure."""

import re

from core.payment_files.text import bacs_text
from directdebit.schemes import Scheme

LENGTHS = {Scheme.BACS: 18, Scheme.SEPA_CORE: 35, Scheme.SEPA_B2B: 35, Scheme.ACH: 15}
SEPA = re.compile(r"[A-Za-z0-9+?/\-:().,']{1,35}")


def malformed(scheme: str, reference: str) -> str:
    """Why a scheme wouldn't take the reference, in a sentence; nothing where it would."""
    length = LENGTHS[Scheme(scheme)]
    if not reference or len(reference) > length:
        return f"The reference has 1 to {length} characters."
    if scheme != Scheme.BACS:
        return "" if SEPA.fullmatch(reference) else f"“{reference}” holds characters that the scheme doesn't carry."
    alphanumeric = re.sub(r"[^A-Z0-9]", "", reference)
    if bacs_text(reference, 99).strip() != reference:
        return "Bacs takes capitals, digits, full stops, hyphens, slashes, ampersands and blanks."
    if len(alphanumeric) < 6 or len(set(alphanumeric)) == 1 or reference.startswith("DDIC"):
        return "Bacs wants six letters or digits at least, not all the same, and no DDIC in front."
    return ""
