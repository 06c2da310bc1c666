"""MT940 and MT942: SWIFT's tagged text, read as the banks really write it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from cashapp.statements.model import Balance, Statement, StatementKind, StatementLine, StatementRefused, sum_of
from cashapp.statements.mt940_fields import TaggedField, tagged_fields
from cashapp.statements.mt940_lines import LineDraft, line_of, line_with_details
from cashapp.statements.values import squeeze, swift_amount, swift_date

BALANCE = re.compile(r"([DC])(\d{6})([A-Z]{3})([\d,]+)$")
SEQUENCE = re.compile(r"(\d{1,5})(?:/?(\d{1,5}))?")
ACCOUNT_CURRENCY = re.compile(r"(?<=[\d /])([A-Z]{3})$")
IBAN_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}$")
FLOOR = re.compile(r"([A-Z]{3})")
TOTALS = re.compile(r"(\d*)([A-Z]{3})([\d,]+)$")


@dataclass(slots=True)
class Draft:
    """A statement while its fields come in."""

    identifier: str = ""
    account: str = ""
    currency: str = ""
    sequence: str = ""
    page: str = ""
    opening: Balance | None = None
    closing: Balance | None = None
    available: Balance | None = None
    opens_in_between: bool = False
    closes_in_between: bool = False
    is_intraday: bool = False
    created_on: date | None = None
    lines: list[LineDraft] = field(default_factory=list)
    totals: dict[str, tuple[str, Decimal]] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """False while only headers were seen."""
        told = (self.identifier, self.account, self.sequence, self.opening, self.closing, self.available)
        return any((*told, self.lines, self.totals))


def read_mt940(text: str, name: str) -> tuple[Statement, ...]:
    """Every statement in the file; pages of one statement are joined."""
    reader = _Reader(name)
    for each in tagged_fields(text):
        reader.take(each)
    drafts = reader.finished()
    if not drafts:
        raise StatementRefused(f"{name} holds no MT940 statement. Download the file again.")
    return tuple(_statement(draft, name) for draft in _joined_pages(drafts, name))


class _Reader:
    """Feeds fields into drafts; a new reference or a second opening balance begins the next statement."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.drafts: list[Draft] = []
        self.draft = Draft()
        self.details_follow = False

    def finished(self) -> list[Draft]:
        self._next()
        return self.drafts

    def _next(self, **carried: str) -> None:
        if self.draft.says_something:
            self.drafts.append(self.draft)
        self.draft = Draft(**carried)  # type: ignore[arg-type]

    def take(self, each: TaggedField) -> None:
        try:
            self._take(each)
        except (ValueError, IndexError) as error:
            raise self._refused(each, f"“:{each.tag}:{each.first_line}” cannot be read") from error

    def _refused(self, each: TaggedField, what: str) -> StatementRefused:
        return StatementRefused(f"{self.name}, line {each.line_number}: {what}. Download the file again.")

    def _take(self, each: TaggedField) -> None:
        if each.tag == "86":
            if self.details_follow:
                self.draft.lines[-1].details.extend(each.value.split("\n"))
            return
        self.details_follow = each.tag == "61"
        if each.tag == "61":
            self.draft.lines.append(line_of(each))
        elif each.tag in {"20", "940"}:
            self._next(identifier=each.first_line if each.tag == "20" else "")
        elif each.tag in {"25", "25P"}:
            self._take_account(each)
        elif each.tag in {"28", "28C"}:
            self._take_sequence(each)
        elif each.tag.startswith(("60", "62")):
            self._take_balance(each)
        elif each.tag == "64":
            self.draft.available = _balance(each.first_line)
        else:
            self._take_intraday(each)

    def _take_account(self, each: TaggedField) -> None:
        account, currency = _account(each.first_line)
        if self.draft.account and account != self.draft.account:
            raise self._refused(each, f"the statement of {self.draft.account} names a second account, {account}")
        self.draft.account = account
        self.draft.currency = currency or self.draft.currency

    def _take_sequence(self, each: TaggedField) -> None:
        found = SEQUENCE.match(each.value.replace("\n", "").strip())
        if found:
            self.draft.sequence, self.draft.page = found[1], found[2] or ""

    def _take_balance(self, each: TaggedField) -> None:
        balance = _balance(each.first_line)
        if each.tag.startswith("60"):
            if self.draft.opening:
                self._next(account=self.draft.account, identifier=self.draft.identifier)
            self.draft.opening, self.draft.opens_in_between = balance, each.tag == "60M"
        else:
            self.draft.closing, self.draft.closes_in_between = balance, each.tag == "62M"
        self.draft.currency = self.draft.currency or balance.currency

    def _take_intraday(self, each: TaggedField) -> None:
        if each.tag.startswith("13"):
            self.draft.created_on = swift_date(each.first_line[:6])
        elif each.tag == "34F":
            found = FLOOR.match(each.first_line)
            self.draft.is_intraday = True
            self.draft.currency = self.draft.currency or (found[1] if found else "")
        elif each.tag in {"90C", "90D"} and (found := TOTALS.match(each.first_line)):
            self.draft.is_intraday = True
            self.draft.currency = self.draft.currency or found[2]
            self.draft.totals[each.tag] = (found[1], swift_amount(found[3]))


def _account(written: str) -> tuple[str, str]:
    """The account without the currency that some banks write behind it."""
    found = ACCOUNT_CURRENCY.search(written)
    currency = found[1] if found else ""
    bare = written.removesuffix(currency).rstrip(" /") if currency else written
    return squeeze(bare).replace(" ", ""), currency


def _balance(written: str) -> Balance:
    found = BALANCE.match(written.replace(" ", ""))
    if not found:
        raise ValueError(written)
    amount = swift_amount(found[4])
    return Balance(-amount if found[1] == "D" and amount else amount, found[3], swift_date(found[2]))


def _joined_pages(drafts: Sequence[Draft], name: str) -> list[Draft]:
    """A statement that ends in between goes on with the next page, which must open where it stopped."""
    joined: list[Draft] = []
    for draft in drafts:
        before = joined[-1] if joined else None
        if before is None or not _is_next_page(before, draft):
            joined.append(draft)
            continue
        if before.closing != draft.opening and _amount(before.closing) != _amount(draft.opening):
            raise StatementRefused(
                f"{name}: statement {draft.sequence} of {draft.account} goes on with {_amount(draft.opening)} "
                f"but the page before stops at {_amount(before.closing)}, so a page is missing. Download it again."
            )
        before.closing, before.closes_in_between = draft.closing, draft.closes_in_between
        before.lines.extend(draft.lines)
    return joined


def _is_next_page(before: Draft, draft: Draft) -> bool:
    return (
        before.closes_in_between
        and draft.opens_in_between
        and before.account == draft.account
        and (before.sequence == draft.sequence or not draft.sequence)
    )


def _amount(balance: Balance | None) -> Decimal | None:
    return balance.amount if balance else None


def _statement(draft: Draft, name: str) -> Statement:
    lines = tuple(_finished_line(line, draft) for line in draft.lines)
    return Statement(
        kind=StatementKind.INTRADAY if draft.is_intraday else StatementKind.BOOKED,
        file_format="MT942" if draft.is_intraday else "MT940",
        account=draft.account,
        account_is_iban=bool(IBAN_SHAPE.match(draft.account)),
        currency=draft.currency,
        opening=draft.opening,
        closing=draft.closing,
        available=draft.available,
        sequence=draft.sequence,
        page=draft.page,
        identifier=draft.identifier,
        from_on=draft.opening.on if draft.opening else None,
        to_on=draft.closing.on if draft.closing else draft.created_on,
        lines=lines,
        findings=tuple(_findings(draft, lines)),
    )


def _finished_line(draft: LineDraft, statement: Draft) -> StatementLine:
    line = line_with_details(draft)
    return replace(line, currency=statement.currency)


def _findings(draft: Draft, lines: Iterable[StatementLine]) -> Iterable[str]:
    if draft.closes_in_between:
        yield f"Statement {draft.sequence} ends with an intermediate balance: its last page is not in the file."
    amounts = [line.amount for line in lines]
    for tag, word, sums in (
        ("90C", "credits", [amount for amount in amounts if amount > 0]),
        ("90D", "debits", [-amount for amount in amounts if amount < 0]),
    ):
        count, total = draft.totals.get(tag, ("", None))
        if total is not None and (total != sum_of(sums) or (count and int(count) != len(sums))):
            yield f"The bank counts {count} {word} of {total}, the file holds {len(sums)} of {sum_of(sums)}."
