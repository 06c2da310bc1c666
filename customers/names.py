"""Names of companies made comparable: case, accents, punctuation and legal forms laid aside. Pure."""

import re
import unicodedata
from itertools import groupby

LEGAL_FORMS = frozenset(
    "ab ag aktiengesellschaft aps as asa bv bvba cc co company corp corporation cv doo eirl eood ev gbr gmbh inc "
    "incorporated kft kg kgaa kk limited limitada llc llp lp ltd ltda mbh nv ohg ood oy oyj plc pte pty pvt rt sa sarl "
    "sas sasu sc sca se sl slu snc sp spa spolka srl srls sro ug us vof zoo".split()
)
FOLDED_BY_HAND = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "&": " and "})


def fold(text: str) -> str:
    """Small letters without accents."""
    spread = unicodedata.normalize("NFKD", text.casefold().translate(FOLDED_BY_HAND))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def name_key(name: str) -> str:
    """The name as duplicates are compared: “The Müller & Söhne GmbH & Co. KG” becomes “muller and sohne”."""
    words = _joined_initials(re.findall(r"\w+", fold(name)))
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    core = [word for word in words if word not in LEGAL_FORMS]
    while core and core[-1] == "and":
        core.pop()
    return " ".join(core or words)[:200]


def _joined_initials(words: list[str]) -> list[str]:
    """“j p morgan” and “s a” are written “jp morgan” and “sa”."""
    joined: list[str] = []
    for is_initials, run in groupby(words, key=lambda word: len(word) == 1):
        letters = list(run)
        joined += ["".join(letters)] if is_initials else letters
    return joined


def digits(text: str) -> str:
    """Only the digits, for telephone numbers."""
    return re.sub(r"\D", "", text)


def compact(text: str) -> str:
    """Capitals and digits only, for tax numbers, IBANs and references."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())
