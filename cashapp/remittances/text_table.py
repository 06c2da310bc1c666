"""Tables within texts: columns under headings, or rows that only make sense as number and amounts."""

import re
from decimal import Decimal

from cashapp.remittances.labels import role_of
from cashapp.remittances.model import StatedDeduction, StatedLine
from cashapp.remittances.writing import amounts_in, day_in, documents_in

CELLS = re.compile(r"\s*\|\s*|\t+|\s{2,}")
WORDS = re.compile(r"[^\W\d_]{2,}")
BULLET = re.compile(r"^\s*(?:[-*•·]|\d{1,3}[.)])\s+")
AMOUNT_ROLES = ("gross", "discount", "deduction", "paid")
MOST_WORDS_IN_A_ROW = 4
NUMBER = re.compile(r"(?=.*\d)[\w./-]{2,30}")
TOTAL = re.compile(r"\s*(?:grand\s+)?(?:total|summe|gesamt|montant total|totaal)\b", re.IGNORECASE)


class TextTable:
    """The columns of the table that is being read, if there is one."""

    def __init__(self) -> None:
        self._roles: list[str] = []

    @property
    def _amounts(self) -> list[str]:
        return [role for role in self._roles if role in AMOUNT_ROLES]

    def read_heading(self, line: str) -> bool:
        """Remember the columns when the line is a row of headings."""
        roles = [role_of(cell) for cell in CELLS.split(line.strip().strip("|")) if cell]
        if "number" not in roles or not any(role in AMOUNT_ROLES for role in roles):
            return False
        self._roles = _one_paid(roles)
        return True

    def row(self, line: str, place: str) -> StatedLine | None:
        """A row that names one document, and amounts that fit together."""
        bare = BULLET.sub("", line)
        documents, amounts = self._documents(line) or documents_in(bare), amounts_in(bare)
        if not documents or not amounts or TOTAL.match(bare):
            return None
        if not self._roles and (len(documents) > 1 or len(WORDS.findall(bare)) > MOST_WORDS_IN_A_ROW):
            return None
        told = self._by_heading(amounts) if len(amounts) == len(self._amounts) else _by_sums(amounts)
        deduction = told.get("deduction", Decimal(0))
        return StatedLine(
            number=documents[0],
            paid=told.get("paid"),
            gross=told.get("gross"),
            discount=abs(told["discount"]) if "discount" in told else None,
            deductions=(StatedDeduction(abs(deduction), words=_reason(line)),) if deduction else (),
            dated_on=day_in(bare),
            place=place,
        )

    def _documents(self, line: str) -> list[str]:
        """What stands in the column of documents, however short it is."""
        cells = [cell for cell in CELLS.split(line.strip().strip("|")) if cell]
        if not self._roles or len(cells) != len(self._roles):
            return []
        number = cells[self._roles.index("number")]
        return [number] if NUMBER.fullmatch(number) else []

    def _by_heading(self, amounts: list[Decimal]) -> dict[str, Decimal]:
        return dict(zip(self._amounts, amounts, strict=True))

    def total(self, line: str) -> Decimal | None:
        """The last amount of a row that begins with the word for total."""
        amounts = amounts_in(line) if TOTAL.match(line) else []
        return amounts[-1] if amounts else None


def _one_paid(roles: list[str]) -> list[str]:
    """Of two columns that may be what is paid, the first is the document's amount."""
    if roles.count("paid") < 2 or "gross" in roles:
        return roles
    first = roles.index("paid")
    return ["gross" if place == first else role for place, role in enumerate(roles)]


def _by_sums(amounts: list[Decimal]) -> dict[str, Decimal]:
    """Without headings the last amount is what is paid, if those before it come to it."""
    *before, paid = amounts
    told = {"paid": paid}
    if not before:
        return told
    gross, *kept = before
    if gross - sum((abs(each) for each in kept), Decimal(0)) == paid:
        told["gross"] = gross
        told |= dict(zip(("discount", "deduction"), kept[:2], strict=False)) if kept else {}
    return told


def _reason(line: str) -> str:
    """The words behind the last figure of a row."""
    ends = [match.end() for match in re.finditer(r"\d", line)]
    words = line[ends[-1] + 1 :] if ends else ""
    return " ".join(words.split())[:200]
