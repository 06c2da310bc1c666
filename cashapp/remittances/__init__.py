"""What a payer says that a payment is for: remittance advices of every kind, read into one neutral shape.

Pure: no database, no clock. `read_remittances` recognises a file by its content and gives one `Advice` a payment.
"""

from cashapp.remittances.model import Advice, CodeList, RemittanceRefused, StatedDeduction, StatedLine
from cashapp.remittances.recognise import LARGEST_FILE, read_remittances, read_text

__all__ = [
    "LARGEST_FILE",
    "Advice",
    "CodeList",
    "RemittanceRefused",
    "StatedDeduction",
    "StatedLine",
    "read_remittances",
    "read_text",
]
