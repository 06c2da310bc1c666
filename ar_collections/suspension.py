"""Suspending a service: the clock of its window, and what must exist before each step. No database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import TextChoices

from ar_collections.ladder import Reason

OVERDUE_FROM = 31
"""Days past due from which a document may lead to a suspension."""
SECOND_DAY, FINAL_DAY, WINDOW = 7, 10, 14
"""Days of the window: the second notice, the final one, and the suspension itself."""
CALLS_BEFORE_SECOND, CALLS_BEFORE_FINAL = 2, 3
PROOF_DAYS = 5
"""Business days for which a proof of payment stops the clock."""
NOTE_DAYS = 7
"""A note that is older is stale, whether or not a meeting was held since."""
DAY = timedelta(days=1)


class Stage(TextChoices):
    """How far a case has come."""

    NOTICE_1 = "notice_1", "First notice"
    NOTICE_2 = "notice_2", "Second notice"
    FINAL = "final", "Final notice"
    APPROVED = "approved", "Approved"
    REQUESTED = "requested", "Support is to suspend"
    SUSPENDED = "suspended", "Suspended"
    RESTORING = "restoring", "Support is to restore"
    ENDED = "ended", "Ended"


NOTICES = (Stage.NOTICE_1, Stage.NOTICE_2, Stage.FINAL)
STOPPED = (Stage.REQUESTED, Stage.SUSPENDED)
"""Stages in which the service is stopped, or about to be."""
NEXT_STAGES: dict[Stage, tuple[Stage, ...]] = {
    Stage.NOTICE_1: (Stage.NOTICE_2, Stage.ENDED),
    Stage.NOTICE_2: (Stage.FINAL, Stage.ENDED),
    Stage.FINAL: (Stage.APPROVED, Stage.ENDED),
    Stage.APPROVED: (Stage.REQUESTED, Stage.ENDED),
    Stage.REQUESTED: (Stage.SUSPENDED, Stage.RESTORING, Stage.ENDED),
    Stage.SUSPENDED: (Stage.RESTORING, Stage.ENDED),
    Stage.RESTORING: (Stage.ENDED,),
    Stage.ENDED: (),
}


class Ending(TextChoices):
    """What became of a case."""

    OPEN = "", "Open"
    PAID = "paid", "Settled before the suspension"
    RESTORED = "restored", "Service restored"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXEMPT = "exempt", "Not to be suspended"
    TERMINATED = "terminated", "Service ended for good"


class Level(TextChoices):
    """What of the service stops."""

    ORDERS = "orders", "No new orders"
    READ_ONLY = "read_only", "Read only"
    FULL = "full", "The whole service"


class Function(TextChoices):
    """For what somebody stands in a case. Each has a note for every meeting and is on copy of every mail."""

    COLLECTIONS = "collections", "Collections"
    SALES = "sales", "Account manager"
    SUCCESS = "success", "Customer success"
    SERVICE = "service", "Service owner"
    LEGAL = "legal", "Legal"


# The clock -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pause:
    """Days, both included, on which the clock stands still; without an end, until further notice."""

    from_on: date
    until_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the clock stands still on a day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def day_of_window(started_on: date, pauses: Iterable[Pause], today: date) -> int:
    """Which day of the window it is: 0 on the day of the first notice, pauses not counted."""
    rests = tuple(pauses)
    days = ((started_on + DAY * number) for number in range(1, (today - started_on).days + 1))
    return sum(not any(rest.holds(day) for rest in rests) for day in days)


def reached_on(started_on: date, pauses: Iterable[Pause], day: int) -> date | None:
    """On which date the window comes to a day; None while a pause without an end stands before it."""
    rests, on, counted = tuple(pauses), started_on, 0
    while counted < day:
        on += DAY
        standing = [rest for rest in rests if rest.holds(on)]
        if any(rest.until_on is None for rest in standing):
            return None
        counted += not standing
    return on


# The position --------------------------------------------------------------------------------------------------------


class Position(TextChoices):
    """What the ledger and the collectors' records say of the documents of a case."""

    OWED = "owed", "Owed"
    SETTLED = "settled", "Settled"
    COVERED = "covered", "Paid, not posted yet"
    PLAN = "plan", "On a payment plan"
    PROMISED = "promised", "Promised"
    DISPUTED = "disputed", "Disputed"
    HELD = "held", "On hold"


RESTORES = (Position.SETTLED, Position.COVERED, Position.PLAN)
"""Money or a plan: the service comes back."""
POSITIONS: Mapping[Reason, Position] = {
    Reason.SETTLED: Position.SETTLED,
    Reason.IN_HAND: Position.COVERED,
    Reason.PLAN: Position.PLAN,
    Reason.PROMISED: Position.PROMISED,
    Reason.DISPUTED: Position.DISPUTED,
}
WEAKEST_FIRST = (
    Position.HELD, Position.DISPUTED, Position.PROMISED, Position.PLAN, Position.COVERED, Position.SETTLED,
)  # fmt: skip


def position_of(found: Sequence[Iterable[Reason]]) -> Position:
    """Each document brings what covers all that is open of it, or nothing where some is simply owed."""
    kinds = [[POSITIONS.get(reason, Position.HELD) for reason in reasons] for reasons in found]
    if any(not each for each in kinds):
        return Position.OWED
    together = {kind for each in kinds for kind in each}
    return next((kind for kind in WEAKEST_FIRST if kind in together), Position.SETTLED)


# What must exist -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """What exists of a case on a day. `left` are the notices that reached the outbox's end.

    `stale` are the owners without a fresh note: the name of each by the owner's number, for names are not unique.
    """

    day: int
    position: Position
    calls: int
    left: frozenset[Stage]
    stale: Mapping[int, str] = field(default_factory=dict)
    has_executive: bool = False
    approved_by: tuple[str, ...] = ()
    paused: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must exist before a step."""

    words: str
    is_met: bool
    detail: str = ""


def next_stage(stage: Stage) -> Stage | None:
    """The step that people work towards; none once support has to act or all is over."""
    ways = NEXT_STAGES[stage]
    return ways[0] if stage in (*NOTICES, Stage.APPROVED) else None


def needs_of(stage: Stage, found: Evidence) -> list[Need]:
    """What must exist before a case comes to a stage."""
    own = {
        Stage.NOTICE_2: _second,
        Stage.FINAL: _final,
        Stage.APPROVED: _approval,
        Stage.REQUESTED: _request,
    }.get(stage)
    owed = Need("Something is owed, and nothing stops the clock", _runs(found), found.paused or found.position.label)
    return [owed, *own(found)] if own else []


def missing(stage: Stage, found: Evidence) -> list[str]:
    """What does not exist yet, in words."""
    return [need.words for need in needs_of(stage, found) if not need.is_met]


def _runs(found: Evidence) -> bool:
    return found.position == Position.OWED and not found.paused


def _on_day(found: Evidence, day: int) -> Need:
    return Need(f"Day {day} of the window", found.day >= day, f"day {found.day}")


def _calls(found: Evidence, count: int) -> Need:
    return Need(f"{count} calls, to different people or at different times", found.calls >= count, f"{found.calls}")


def _sent(found: Evidence, stage: Stage) -> Need:
    return Need(f"{stage.label} left by mail", stage in found.left)


def _fresh(found: Evidence) -> Need:
    return Need("Every owner’s note is fresh", not found.stale, ", ".join(found.stale.values()))


def _second(found: Evidence) -> list[Need]:
    return [
        _on_day(found, SECOND_DAY),
        _sent(found, Stage.NOTICE_1),
        _calls(found, CALLS_BEFORE_SECOND),
        _fresh(found),
    ]


def _final(found: Evidence) -> list[Need]:
    executive = Need("Somebody to escalate to, with an e-mail address", found.has_executive)
    return [
        _on_day(found, FINAL_DAY),
        _sent(found, Stage.NOTICE_2),
        _calls(found, CALLS_BEFORE_FINAL),
        executive,
    ]


def _approval(found: Evidence) -> list[Need]:
    return [_sent(found, Stage.FINAL), _fresh(found)]


def _request(found: Evidence) -> list[Need]:
    both = Need(
        "Approved by finance and by the service owner", len(found.approved_by) == 2, ", ".join(found.approved_by)
    )
    return [_on_day(found, WINDOW), both]
