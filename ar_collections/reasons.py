"""Why customers keep money back: our own codes, what others call them, who looks into it, and how it mostly ends.

The codes of others are X12 data element 426 (remittance advice 820) and UN/EDIFACT 4465 (REMADV). Days are business
days.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import models


class DeductionReason(models.TextChoices):
    """Why a customer paid less. Some are settled at once, the others stay open and are followed up."""

    SETTLEMENT_DISCOUNT = "settlement_discount", "Settlement discount"
    BANK_CHARGE = "bank_charge", "Bank charge"
    WITHHOLDING_TAX = "withholding_tax", "Withholding tax"
    SMALL_DIFFERENCE = "small_difference", "Small difference"
    PRICE = "price", "Price differs"
    QUANTITY = "quantity", "Quantity contested"
    SERVICE = "service", "Service not delivered"
    PURCHASE_ORDER = "purchase_order", "Purchase order or paper missing"
    DUPLICATE = "duplicate", "Billed twice"
    TAX = "tax", "Tax questioned"
    DISCOUNT_UNEARNED = "discount_unearned", "Discount not earned"
    FREIGHT = "freight", "Delivery charge questioned"
    CONTRACT = "contract", "Contract questioned"
    CREDIT_TAKEN = "credit_taken", "Credit taken that was not issued"
    UNKNOWN = "unknown", "No reason given"

    @property
    def is_settled_at_once(self) -> bool:
        """Whether the difference leaves the document; otherwise it stays open."""
        return self in SETTLED_AT_ONCE


SETTLED_AT_ONCE = frozenset(
    {
        DeductionReason.SETTLEMENT_DISCOUNT,
        DeductionReason.BANK_CHARGE,
        DeductionReason.WITHHOLDING_TAX,
        DeductionReason.SMALL_DIFFERENCE,
    }
)
DISPUTABLE = [(reason.value, reason.label) for reason in DeductionReason if reason not in SETTLED_AT_ONCE]


class Department(models.TextChoices):
    """Who looks into a dispute."""

    RECEIVABLES = "receivables", "Receivables"
    SALES_OPERATIONS = "sales_operations", "Sales operations"
    CUSTOMER_SUCCESS = "customer_success", "Customer success"
    SUPPORT = "support", "Support"
    TAX = "tax", "Tax"
    LOGISTICS = "logistics", "Logistics"
    LEGAL = "legal", "Legal"


@dataclass(frozen=True, slots=True)
class DeductionCode:
    """One reason with its codes, the department that owns it, its usual outcome, and how soon it is to be resolved."""

    reason: DeductionReason
    code: str
    department: Department
    usual_outcome: str
    resolved_in: int
    x12: tuple[str, ...] = ()
    edifact: tuple[str, ...] = ()


R, D = DeductionReason, Department
CODES = (
    DeductionCode(R.PRICE, "PRICE", D.SALES_OPERATIONS, "Credit, or bill anew", 5,
                  x12=("01", "02", "03", "23", "29"), edifact=("5", "48", "55", "57")),
    DeductionCode(R.QUANTITY, "QTY", D.CUSTOMER_SUCCESS, "Credit, or proof of delivery", 5,
                  x12=("06", "11", "12", "13", "14", "15"), edifact=("4", "16", "35", "54")),
    DeductionCode(R.SERVICE, "SERVICE", D.SUPPORT, "Credit", 10,
                  x12=("04", "05", "07", "38"), edifact=("2", "3", "14", "17", "32", "33", "49")),
    DeductionCode(R.PURCHASE_ORDER, "PO", D.RECEIVABLES, "Send the papers again", 2,
                  x12=("17", "44"), edifact=("6", "36", "51")),
    DeductionCode(R.DUPLICATE, "DUP", D.RECEIVABLES, "Credit", 2, x12=("19",), edifact=("53",)),
    DeductionCode(R.TAX, "TAX", D.TAX, "Certificate, and bill anew", 5, x12=("55",), edifact=("26",)),
    DeductionCode(R.WITHHOLDING_TAX, "WHT", D.TAX, "Certificate of the tax paid", 5, x12=("55",)),
    DeductionCode(R.DISCOUNT_UNEARNED, "DISC_UNEARNED", D.RECEIVABLES, "Ask for the money", 5,
                  x12=("24", "43"), edifact=("46", "56")),
    DeductionCode(R.SETTLEMENT_DISCOUNT, "DISC", D.RECEIVABLES, "Taken within the terms", 5, edifact=("39", "66")),
    DeductionCode(R.BANK_CHARGE, "BANK_FEE", D.RECEIVABLES, "Written off within the tolerance", 2, edifact=("11",)),
    DeductionCode(R.FREIGHT, "FREIGHT", D.LOGISTICS, "Credit, or what was agreed", 5,
                  x12=("30", "54"), edifact=("40",)),
    DeductionCode(R.CONTRACT, "CONTRACT", D.LEGAL, "What the contract says", 15,
                  x12=("09", "18", "26"), edifact=("9", "31", "50", "52")),
    DeductionCode(R.CREDIT_TAKEN, "CREDIT_TAKEN", D.RECEIVABLES, "Find the credit, or ask for the money", 2,
                  x12=("52",), edifact=("37", "41", "42", "45")),
    DeductionCode(R.UNKNOWN, "UNKNOWN", D.RECEIVABLES, "Ask the customer", 2, edifact=("28", "43", "47")),
    DeductionCode(R.SMALL_DIFFERENCE, "SMALL", D.RECEIVABLES, "Written off within the tolerance", 2),
)  # fmt: skip
BY_REASON = {each.reason: each for each in CODES}


def code_of(reason: DeductionReason | str) -> DeductionCode:
    """What is known of a reason."""
    return BY_REASON[DeductionReason(reason)]


def _meanings(codes: Callable[[DeductionCode], tuple[str, ...]]) -> Iterator[tuple[str, DeductionReason]]:
    """Where two reasons share a code, the one that stays open counts: a person may still settle it."""
    for each in sorted(CODES, key=lambda each: not each.reason.is_settled_at_once):
        for code in codes(each):
            yield code, each.reason


X12 = dict(_meanings(lambda each: each.x12))
EDIFACT = dict(_meanings(lambda each: each.edifact))
OWN = {each.code: each.reason for each in CODES}


def reason_of_x12(code: str) -> DeductionReason | None:
    """What an X12 426 adjustment reason means here; None for a code that means nothing to us."""
    return X12.get(code.strip().zfill(2))


def reason_of_edifact(code: str) -> DeductionReason | None:
    """What an EDIFACT 4465 adjustment reason means here."""
    return EDIFACT.get(code.strip().lstrip("0"))


def reason_of_own(code: str) -> DeductionReason | None:
    """The reason behind one of our own codes, however it is written: DISC-UNEARNED, disc unearned."""
    return OWN.get("_".join(code.upper().replace("-", " ").replace("_", " ").split()))
