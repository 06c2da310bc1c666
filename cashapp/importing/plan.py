"""The plan of an import: every booking of a statement, and whether it is stored already."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from cashapp.importing.accounts import place_for
from cashapp.importing.overlap import BalancesDiffer, standing_of
from cashapp.models import BankStatement, BankStatementLine
from cashapp.statements import Statement, StatementRefused
from cashapp.statements.identity import Booking, bookings_of, content_of
from cashapp.statements.model import StatementLine, sum_of
from cashapp.statements.proof import Check, Finding, prove
from core.currencies import UnknownCurrency, known_currency
from core.models import BankAccount, User
from core.money import round_to_currency

FORBIDDING = {Check.DOES_NOT_ADD_UP, Check.TWO_CURRENCIES, Check.CONTROLS_DIFFER}
POSSIBLE_YEARS = range(1980, 2100)
NEIGHBOURHOOD = timedelta(days=15)


class NothingInStatement(StatementRefused):
    """There is neither a line nor a balance to keep."""

    code = "nothing_in_statement"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is in a statement and what of it is new."""

    account: BankAccount
    statement: Statement
    content_hash: str
    bookings: tuple[Booking, ...] = ()
    known: dict[str, list[BankStatementLine]] = field(default_factory=dict)
    findings: tuple[str, ...] = ()

    @property
    def new(self) -> list[Booking]:
        """The bookings that no file told before."""
        return [booking for booking in self.bookings if booking.key not in self.known]


def fitted_to(by: User, account: BankAccount, statement: Statement, name: str) -> Statement:
    """The statement in the account's currency; another currency, too many decimals and absurd days are refused."""
    if statement.currency and statement.currency != account.currency:
        raise BalancesDiffer(
            f"{name} is in {statement.currency}, but {account.name} is kept in {account.currency}. "
            f"{place_for(by, account.entity, statement.currency)}"
        )
    for line in statement.lines:
        if not all(day.year in POSSIBLE_YEARS for day in (line.booked_on, line.value_on)):
            raise StatementRefused(
                f"{name}, {line.place}: {line.booked_on:%d %b %Y} is no day on which a bank booked this."
            )
    lines = tuple(_in_currency(line, account.currency, name) for line in statement.lines)
    return replace(statement, currency=account.currency, lines=lines)


def _in_currency(line: StatementLine, currency: str, name: str) -> StatementLine:
    try:
        told = known_currency(line.currency or currency)
    except UnknownCurrency as unknown:
        raise StatementRefused(f"{name}, {line.place}: {unknown.message}") from unknown
    if line.amount != round_to_currency(line.amount, told):
        raise StatementRefused(f"{name}, {line.place}: {line.amount} has more decimals than {told} has.")
    return replace(line, currency=told)


def content_hash(statement: Statement) -> str:
    """What makes it the same statement, whatever the file around it."""
    ends = [
        [str(end.amount.normalize()), end.on.isoformat()] if end else None
        for end in (statement.opening, statement.closing)
    ]
    keys = [booking.key for booking in bookings_of(statement.booked_lines)]
    told = [statement.kind, statement.identifier, statement.sequence, statement.page, ends, keys]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def make_plan(account: BankAccount, statement: Statement, name: str) -> Plan:
    """Refuse what does not hold together; else say what is new. The account must be locked."""
    findings = prove(statement)
    forbidding = next((finding for finding in findings if finding.check in FORBIDDING), None)
    if forbidding:
        raise BalancesDiffer(f"{name}: {forbidding.sentence} Ask the bank for the statement again.")
    if not statement.booked_lines and not (statement.opening and statement.closing):
        raise NothingInStatement(f"{name} has neither lines nor balances. Download the statement again.")
    standing = standing_of(account, statement)
    stored = _stored_near(account, statement)
    goes_on = standing.goes_on and not _tells_a_day_again(stored, statement)
    before = _counted(stored) if goes_on else None
    bookings = tuple(bookings_of(statement.booked_lines, before))
    wanted = {booking.key for booking in bookings}
    known: dict[str, list[BankStatementLine]] = {}
    for line in stored:
        if line.booking_key in wanted:
            known.setdefault(line.booking_key, []).append(line)
    plan = Plan(account, statement, content_hash(statement), bookings, known)
    _refuse_other_telling(plan, standing.repeats, name)
    return replace(plan, findings=tuple(_sentences(findings, standing.gap, plan)))


def _stored_near(account: BankAccount, statement: Statement) -> Sequence[BankStatementLine]:
    """Stored lines that could be the same bookings: reports and statements may date them some days apart."""
    days = [line.booked_on for line in statement.booked_lines]
    if not days:
        return []
    near = (min(days) - NEIGHBOURHOOD, max(days) + NEIGHBOURHOOD)
    return list(BankStatementLine.objects.filter(bank_account=account, booked_on__range=near).order_by("pk"))


def _counted(stored: Sequence[BankStatementLine]) -> Counter[str]:
    """How often each booking was already told by statements that close a day."""
    told = BankStatementLine.objects.filter(
        pk__in=[line.pk for line in stored], listings__statement__kind=BankStatement.Kind.BOOKED
    )
    return Counter(content_of(key) for key in set(told.values_list("booking_key", flat=True)))


def _tells_a_day_again(stored: Sequence[BankStatementLine], statement: Statement) -> bool:
    """A day whose lines cancel out leaves the balance as it was, so only the lines show that a file repeats it."""
    day = statement.opening.on if statement.opening else None
    that_day = [line for line in stored if line.booked_on == day]
    if not that_day or sum_of(line.amount for line in that_day):
        return False
    lines = [line for line in statement.booked_lines if line.booked_on == day]
    told = Counter(content_of(booking.key) for booking in bookings_of(lines))
    known = _counted(that_day)
    return bool(known) and all(told[content] >= count for content, count in known.items())


def _refuse_other_telling(plan: Plan, repeats: BankStatement | None, name: str) -> None:
    """The same day with the same balances but other lines is the same money told twice."""
    if repeats and plan.new:
        raise BalancesDiffer(
            f"{name} covers the same day and balances as statement {repeats.label} ({repeats.file_format}), imported "
            f"before, but tells {len(plan.new)} lines in another way. It was not imported, so nothing is doubled."
        )


def _sentences(findings: Iterable[Finding], gap: str, plan: Plan) -> Iterator[str]:
    unimportant = {Check.NO_ACCOUNT, Check.NO_CURRENCY}
    yield from (finding.sentence for finding in findings if finding.check not in unimportant)
    if gap:
        yield gap
    for booking in plan.bookings:
        stored = plan.known.get(booking.key)
        if stored and len(booking.lines) > len(stored):
            yield (
                f"{booking.lines[0].references.entry_reference or booking.key} came before as one sum, so its "
                f"{len(booking.lines)} payments stay one line. Load notifications before the statement."
            )
