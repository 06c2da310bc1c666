"""What a stated deduction means here: by its code, else by the words that the payer wrote."""

import re

from ar_collections.reasons import DeductionReason, reason_of_edifact, reason_of_own, reason_of_x12
from cashapp.matching.text import plain
from cashapp.remittances.model import CodeList, StatedDeduction

# The first words that are found decide; the beginnings of words, in the languages of the customers.
WORDS: tuple[tuple[DeductionReason, str], ...] = (
    (DeductionReason.WITHHOLDING_TAX, "WITHHOLD WITHHELD WHT QUELLENSTEUER RETENTION RETENCION"),
    (DeductionReason.BANK_CHARGE, "BANKCHARGE BANKFEE WIREFEE BANKGEBUEHR BANKSPESEN SPESEN"),
    (DeductionReason.DUPLICATE, "DUPLICAT DOPPELT DOUBLON TWICE"),
    (DeductionReason.QUANTITY, "SHORTAGE SHORTSHIP SHORTDELIVER QUANTITY MISSING FEHLMENGE FEHLT MANQUANT "
     "RETURN RETOUR"),
    (DeductionReason.SERVICE, "DAMAG CRUSHED BROKEN DEFECT QUALITY REFUSED OUTAGE NOTDELIVERED BESCHAEDIGT BESCHADIGT "
     "MANGEL DEFEKT ENDOMMAG"),
    (DeductionReason.PRICE, "PRICE PRICING PREIS PRIX RATE OVERCHARG"),
    (DeductionReason.FREIGHT, "FREIGHT SHIPPING DELIVERYCHARGE FRACHT TRANSPORT PORT"),
    (DeductionReason.TAX, "VAT SALESTAX TAX MWST UST TVA STEUER"),
    (DeductionReason.PURCHASE_ORDER, "NOPO NOPURCHASEORDER POMISSING NODOCUMENT NOPOD"),
    (DeductionReason.CREDIT_TAKEN, "CREDIT GUTSCHRIFT AVOIR REBATE BONUS"),
    (DeductionReason.DISCOUNT_UNEARNED, "DISCOUNT SKONTO ESCOMPTE"),
    (DeductionReason.CONTRACT, "CONTRACT TERMINAT VERTRAG CONTRAT"),
)  # fmt: skip
BY_CODE = {
    CodeList.X12: reason_of_x12,
    CodeList.EDIFACT: reason_of_edifact,
    CodeList.OWN: reason_of_own,
}


def reason_of(deduction: StatedDeduction) -> DeductionReason:
    """The reason; “no reason given” where neither code nor words tell one."""
    by_code = BY_CODE[deduction.code_list](deduction.code) if deduction.code_list in BY_CODE else None
    if by_code is not None and by_code != DeductionReason.UNKNOWN:
        return by_code
    return _by_words(deduction.words) or by_code or DeductionReason.UNKNOWN


def _by_words(words: str) -> DeductionReason | None:
    told = re.findall(r"[A-Z]+", plain(words))
    starts = [*told, *(one + other for one, other in zip(told, told[1:], strict=False))]
    for reason, known in WORDS:
        beginnings = tuple(known.split())
        if any(word.startswith(beginnings) for word in starts):
            return reason
    return None
