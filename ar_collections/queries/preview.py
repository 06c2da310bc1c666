"""What a night will bring: whom it asks, for what, and whom not and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from ar_collections.ladder import CALL, EMAIL, LETTER, Reason, Stop
from ar_collections.models import DunningNotice, Segment, Strategy, StrategyVersion
from ar_collections.queries.cases import Case, House, all_cases, house_of, load_cases
from core.models import LegalEntity, User
from core.money import ZERO, Money
from customers.models import Customer

IN_WORDS = {EMAIL: "E-mail", LETTER: "Letter", CALL: "Call"}


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """An item of a customer: the step that it takes, or why it takes none."""

    number: str
    due_on: date
    days: int
    open: Money
    asked: Money
    segment: str
    step: str = ""
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A customer: what they are asked and how, or why they are not."""

    customer: Customer
    step: str
    ways: str
    lines: Sequence[PreviewLine]
    asked_already: DunningNotice | None

    @property
    def is_asked(self) -> bool:
        """Whether anything leaves."""
        return bool(self.step) and self.asked_already is None

    @property
    def totals(self) -> list[Money]:
        """What is asked for, or what is open where nothing is."""
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            if self.step and line.stop is not None and not line.asked:
                continue
            money = line.asked if self.step else line.open
            sums[money.currency] = sums.get(money.currency, ZERO) + money.amount
        return [Money(amount, currency) for currency, amount in sorted(sums.items())]

    @property
    def reasons(self) -> list[str]:
        """Why nothing is asked, each reason once."""
        if self.asked_already is not None:
            held = self.asked_already.held_back
            return [f"Held back that day: {held}" if held else "Asked that day already"]
        return list(dict.fromkeys(str(line.stop) for line in self.lines if line.stop))


@dataclass(frozen=True)
class Preview:
    """A day."""

    on: date
    rows: Sequence[PreviewRow]

    @property
    def asked(self) -> list[PreviewRow]:
        """Customers who are asked."""
        return [row for row in self.rows if row.is_asked]

    @property
    def not_asked(self) -> list[PreviewRow]:
        """Customers who are not."""
        return [row for row in self.rows if not row.is_asked]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """How many items are stopped by what, the most frequent first."""
        count = Counter(line.stop.reason for row in self.rows for line in row.lines if line.stop)
        return [(Reason(reason).label, found) for reason, found in count.most_common()]


def preview(
    entity: LegalEntity, on: date, *, house: House | None = None, customers: Sequence[int] | None = None
) -> Preview:
    """Everybody who owes anything, or some of them, as the review of a day would find them with what is known now."""
    house = house or house_of(entity)
    cases = all_cases(house, on=on) if customers is None else load_cases(house, customers, on=on)
    return Preview(on, [_row(case) for case in cases])


def row_of(case: Case) -> PreviewRow:
    """One customer's part of it."""
    return _row(case)


def _row(case: Case) -> PreviewRow:
    decision = case.decision
    ways = ", ".join(IN_WORDS[way] for way in (EMAIL, LETTER, CALL) if way in decision.ways)
    return PreviewRow(
        customer=case.customer,
        step=decision.rung.name if decision.rung else "",
        ways=ways,
        lines=list(_lines(case)),
        asked_already=case.asked_already,
    )


def _lines(case: Case) -> Iterator[PreviewLine]:
    taken = {line.item.key: line for line in case.decision.lines}
    for item in case.items:
        facts, line, segment = case.facts[item.key], taken.get(item.key), case.segments[item.key]
        yield PreviewLine(
            number=facts.number,
            due_on=facts.due_on,
            days=item.days_past_due(case.on),
            open=Money(facts.open, facts.currency),
            asked=Money(item.left if line else ZERO, facts.currency),
            segment=segment.name if segment else "",
            step=line.rung.name if line and line.rung else "",
            stop=case.decision.stops.get(item.key),
        )


# Strategies ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """A strategy with the version that counts and the one that is being written."""

    strategy: Strategy
    in_force: StrategyVersion | None
    draft: StrategyVersion | None
    segments: Sequence[Segment]


def strategy_rows(entity: LegalEntity, *, by: User) -> list[StrategyRow]:
    """The strategies of a company in the order of their segments."""
    found = Strategy.objects.visible_to(by).filter(entity=entity).prefetch_related("versions__steps", "segments")
    rows = [
        StrategyRow(
            strategy,
            next((version for version in strategy.versions.all() if version.is_on), None),
            next((version for version in strategy.versions.all() if version.is_draft), None),
            list(strategy.segments.all()),
        )
        for strategy in found
    ]
    return sorted(rows, key=lambda row: min((each.position for each in row.segments), default=999))


def segments_of(entity: LegalEntity, *, by: User) -> QuerySet[Segment]:
    """The segments of a company in the order in which they are asked, with how many were put in by hand."""
    rows = Segment.objects.visible_to(by).filter(entity=entity).select_related("strategy")
    return rows.annotate(by_hand=Count("assignments", filter=Q(assignments__ended_at=None))).order_by("position")


# Notices -------------------------------------------------------------------------------------------------------------


def notices_of(entity: LegalEntity, *, by: User, on: date | None = None, state: str = "") -> QuerySet[DunningNotice]:
    """Notices of a day or of all days, the latest first; `held` for those that were held back."""
    rows = DunningNotice.objects.visible_to(by).filter(entity=entity)
    if on is not None:
        rows = rows.filter(decided_on=on)
    if state == "held":
        rows = rows.exclude(held_back="")
    elif state == "sent":
        rows = rows.filter(held_back="")
    shown = ("customer", "step", "message", "decided_by")
    return rows.select_related(*shown).prefetch_related("lines__item").order_by("-decided_on", "-pk")
