"""Files in which a bank is told to draw money or to send it: SEPA, Bacs Standard 18 and NACHA.

The writers are pure: orders in, bytes out. What doesn't fit a format is refused with a sentence, never cut in silence
where it would change who is paid or how much. Names and texts are brought into the format's letters.
"""

from core.payment_files.bacs import BacsFile, Originator, bacs_file
from core.payment_files.nacha import AchFile, AchOriginator, nacha_file
from core.payment_files.orders import CannotWrite, Mandate, Order, Sequence, UkAccount, UsAccount
from core.payment_files.pain001 import CreditTransfer, pain_001
from core.payment_files.pain008 import Creditor, DirectDebit, Instrument, block_name, pain_008

__all__ = [
    "AchFile",
    "AchOriginator",
    "BacsFile",
    "CannotWrite",
    "CreditTransfer",
    "Creditor",
    "DirectDebit",
    "Instrument",
    "Mandate",
    "Order",
    "Originator",
    "Sequence",
    "UkAccount",
    "UsAccount",
    "bacs_file",
    "block_name",
    "nacha_file",
    "pain_001",
    "pain_008",
]
