"""The ladder: what is asked of a customer on a day, for which items, or why not. No database, no clock.

An item climbs one rung at a time and never goes down, whichever strategy it came to follow meanwhile. A rung that may
be passed over is left out once the day of a later one has come. What is contested, promised, on a plan or on its way is
taken off what is open; a stop without an amount stops the whole item. One message a day names all items of a customer,
in the words of the highest rung that one of them has reached.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import TextChoices

from core.money import ZERO

EMAIL, LETTER, CALL = "email", "letter", "call"


class Reason(TextChoices):
    """Why nothing is asked."""

    SETTLED = "settled", "Nothing is open"
    IN_HAND = "in_hand", "Paid or on its way"
    PROMISED = "promised", "Promised"
    PLAN = "plan", "On a payment plan"
    DISPUTED = "disputed", "Disputed"
    HELD = "held", "On hold"
    INSOLVENT = "insolvent", "Insolvent"
    LEGAL = "legal", "With lawyers"
    DO_NOT_CONTACT = "do_not_contact", "Not to be contacted"
    UNDELIVERED = "undelivered", "The document never arrived"
    NO_STRATEGY = "no_strategy", "No strategy is switched on"
    NOT_YET = "not_yet", "Its first step comes later"
    WAITING = "waiting", "Its next step comes later"
    ENDED = "ended", "Its last step is taken"
    BY_HAND = "by_hand", "A manager sends this step"
    CLOSED_DAY = "closed_day", "Nobody works there that day"
    TOO_SOON = "too_soon", "They were written to just now"
    NO_ADDRESS = "no_address", "There is nobody to write to"


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder. `step` is the row behind it."""

    code: str
    name: str
    day: int
    channel: str = EMAIL
    asks_call: bool = False
    is_courtesy: bool = False
    is_by_hand: bool = False
    step: int = 0

    @property
    def ways(self) -> frozenset[str]:
        """By which ways it reaches the customer."""
        written = {self.channel} if self.channel in (EMAIL, LETTER) else set()
        return frozenset(written | ({CALL} if self.asks_call else set()))


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a strategy that is switched on, by day."""

    strategy: int
    rungs: tuple[Rung, ...]
    gap_days: int = 3


@dataclass(frozen=True, slots=True)
class Stop:
    """Something that keeps an item from being asked for: a part of it, or all where there is no amount."""

    reason: Reason
    words: str = ""
    amount: Decimal | None = None
    until: date | None = None

    def __str__(self) -> str:
        return self.words or self.reason.label


@dataclass(frozen=True, slots=True)
class Item:
    """An open item as the ladder sees it. `taken` holds the days of the steps taken, whatever their strategy."""

    key: int
    due_on: date
    open: Decimal
    ladder: Ladder | None
    taken: frozenset[int] = frozenset()
    stops: tuple[Stop, ...] = ()

    @property
    def left(self) -> Decimal:
        """What may be asked for, as far as amounts go."""
        return self.open - sum((stop.amount for stop in self.stops if stop.amount is not None), ZERO)

    def days_past_due(self, on: date) -> int:
        """Negative before the due date."""
        return (on - self.due_on).days


@dataclass(frozen=True, slots=True)
class Party:
    """A customer as the ladder sees it on that day."""

    stops: tuple[Stop, ...] = ()
    open_ways: frozenset[str] = frozenset({EMAIL, LETTER, CALL})
    why_closed: str = ""
    is_business_day: bool = True
    last_written_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An item that is asked for. Without a rung it is only named along."""

    item: Item
    rung: Rung | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a day brings for a customer."""

    lines: tuple[Line, ...] = ()
    rung: Rung | None = None
    ways: frozenset[str] = frozenset()
    stops: Mapping[int, Stop] = field(default_factory=dict)
    """By item, why nothing is asked for it."""

    @property
    def is_asked(self) -> bool:
        """Whether the customer is written to or called."""
        return self.rung is not None


def stop_of(item: Item, party: Party) -> Stop | None:
    """What keeps an item from being asked for, whichever step it is at. Also asked at the second of sending."""
    if item.open <= ZERO:
        return Stop(Reason.SETTLED)
    whole = [stop for stop in (*party.stops, *item.stops) if stop.amount is None]
    if whole:
        return whole[0]
    if item.left <= ZERO:
        return next(stop for stop in item.stops if stop.amount is not None)
    return None


def next_rung(item: Item, on: date) -> Rung | Stop:
    """The step that an item is due for, or why there is none that day."""
    if item.ladder is None or not item.ladder.rungs:
        return Stop(Reason.NO_STRATEGY)
    reached = max(item.taken, default=None)
    above = [rung for rung in item.ladder.rungs if reached is None or rung.day > reached]
    if not above:
        return Stop(Reason.ENDED)
    due = [rung for rung in above if rung.day <= item.days_past_due(on)]
    if not due:
        first, day = above[0], item.due_on + timedelta(days=above[0].day)
        reason = Reason.NOT_YET if reached is None else Reason.WAITING
        return Stop(reason, f"{first.name} on {day:%d %b %Y}", until=day)
    return next((rung for rung in due if not rung.is_courtesy), due[-1])


def decide(party: Party, items: Iterable[Item], on: date, *, by_hand: bool = False) -> Decision:
    """What is asked of a customer on a day; `by_hand` when a person sends what the night may not."""
    stops: dict[int, Stop] = {}
    climbing: list[Line] = []
    along: list[Line] = []
    for item in items:
        found = stop_of(item, party) or next_rung(item, on)
        if isinstance(found, Rung):
            if found.is_by_hand and not by_hand:
                stops[item.key] = Stop(Reason.BY_HAND, f"A manager sends: {found.name}")
            else:
                climbing.append(Line(item, found))
            continue
        stops[item.key] = found
        if found.reason in (Reason.WAITING, Reason.ENDED) and item.days_past_due(on) > 0:
            along.append(Line(item))
    return _together(party, climbing, along, stops, on)


def remind(party: Party, items: Iterable[Item], on: date, *, by_hand: bool = False) -> Decision:
    """What a person may ask once more though no step is due: all that is past due, in the words of the last step."""
    stops = {item.key: stop for item in items if (stop := stop_of(item, party)) is not None}
    late = [item for item in items if item.key not in stops and item.days_past_due(on) > 0]
    written = [
        (rung, rung.day in item.taken)
        for item in late
        for rung in (item.ladder.rungs if item.ladder else ())
        if rung.ways & party.open_ways & {EMAIL, LETTER} and (by_hand or not rung.is_by_hand) and rung.day > 0
    ]
    if not written or not party.is_business_day:
        return Decision(stops=stops)
    taken = [rung for rung, is_taken in written if is_taken]
    rung = max(taken, key=_day) if taken else min((rung for rung, _ in written), key=_day)
    return Decision(tuple(Line(item) for item in late), rung, rung.ways & party.open_ways, stops)


def ask_receipt(party: Party, items: Iterable[Item], on: date) -> Decision:
    """Whether documents arrived: by the first step of their ladder where it comes before the due date, its day come or
    not, as long as none was taken."""
    stops: dict[int, Stop] = {}
    asked: list[Line] = []
    for item in items:
        first = item.ladder.rungs[0] if item.ladder and item.ladder.rungs else None
        stop = stop_of(item, party)
        if stop is None and (first is None or first.day >= 0):
            stop = Stop(Reason.NO_STRATEGY)
        if stop is None and item.taken:
            stop = Stop(Reason.WAITING)
        if stop is None and first is not None:
            asked.append(Line(item, first))
        elif stop is not None:
            stops[item.key] = stop
    return _together(party, asked, (), stops, on)


def _day(rung: Rung) -> int:
    return rung.day


def _together(
    party: Party, climbing: Sequence[Line], along: Sequence[Line], stops: dict[int, Stop], on: date
) -> Decision:
    rungs = [line.rung for line in climbing if line.rung is not None]
    if not rungs:
        return Decision(stops=stops)
    highest = max(rungs, key=_day)
    ways = highest.ways & party.open_ways
    stop = _stop_of_day(party, climbing, highest, ways, on)
    if stop is not None:
        return Decision(stops={**stops, **{line.item.key: stop for line in climbing}})
    lines = (*climbing, *along) if ways & {EMAIL, LETTER} else tuple(climbing)
    return Decision(lines, highest, ways, stops)


def _stop_of_day(party: Party, climbing: Sequence[Line], highest: Rung, ways: frozenset[str], on: date) -> Stop | None:
    if not party.is_business_day:
        return Stop(Reason.CLOSED_DAY)
    if highest.ways and not ways:
        return Stop(Reason.DO_NOT_CONTACT, party.why_closed) if party.why_closed else Stop(Reason.NO_ADDRESS)
    gap = max((line.item.ladder.gap_days for line in climbing if line.item.ladder), default=0)
    last = party.last_written_on
    if last is not None and on < last + timedelta(days=gap):
        again = last + timedelta(days=gap)
        return Stop(Reason.TOO_SOON, f"Written to on {last:%d %b %Y}; again from {again:%d %b %Y}", until=again)
    return None
