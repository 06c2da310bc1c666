"""Suspensions with all that their steps rest on: for many cases in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from ar_collections.ladder import Reason, Stop
from ar_collections.models import (
    Call,
    OwnerNote,
    SuspensionCase,
    SuspensionItem,
    SuspensionOwner,
    SuspensionPolicy,
    SuspensionStep,
)
from ar_collections.queries.case_facts import Known, known_of
from ar_collections.suspension import (
    NOTE_DAYS,
    NOTICES,
    OVERDUE_FROM,
    STOPPED,
    WINDOW,
    Ending,
    Evidence,
    Need,
    Position,
    Stage,
    day_of_window,
    missing,
    needs_of,
    next_stage,
    position_of,
    reached_on,
)
from core.models import LegalEntity, User
from core.money import ZERO, Money
from customers.models import Contact, Customer
from messaging.models import Message

SHOWN = ("entity", "customer", "final", "opened_by", "finance_by", "service_by")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is owed of a case's documents now, and what covers the rest."""

    position: Position
    words: str = ""
    left: Mapping[int, Decimal] = field(default_factory=dict)
    base_left: Decimal = ZERO


@dataclass(frozen=True)
class CaseFile:
    """A case with what a page or a paper shows of it."""

    case: SuspensionCase
    standing: Standing
    evidence: Evidence
    notes: Mapping[int, OwnerNote]
    on: date

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        return Stage(self.case.stage)

    @property
    def next_stage(self) -> Stage | None:
        """What people work towards."""
        return next_stage(self.stage)

    @property
    def needs(self) -> list[Need]:
        """What must exist before it."""
        return needs_of(self.next_stage, self.evidence) if self.next_stage else []

    @property
    def is_ready(self) -> bool:
        """Whether the next step may be taken."""
        return bool(self.needs) and all(need.is_met for need in self.needs)

    @property
    def missing(self) -> list[Need]:
        """What does not exist yet."""
        return [need for need in self.needs if not need.is_met]

    @property
    def window_ends_on(self) -> date | None:
        """The last day of the window; None while the clock stands still without an end."""
        return reached_on(self.case.opened_on, self.case.pauses, WINDOW)

    @property
    def left(self) -> list[Money]:
        """What is owed, per currency."""
        sums: dict[str, Decimal] = {}
        for part in self.case.items.all():
            amount = self.standing.left.get(part.item_id, ZERO)
            sums[part.currency] = sums.get(part.currency, ZERO) + amount
        return [Money(amount, currency) for currency, amount in sorted(sums.items())]

    @property
    def owners(self) -> list[tuple[SuspensionOwner, OwnerNote | None, bool]]:
        """Each owner with the last note, and whether it is fresh."""
        return [
            (owner, self.notes.get(owner.pk), owner.pk not in self.evidence.stale) for owner in self.case.owners.all()
        ]


def policy_of(entity: LegalEntity) -> SuspensionPolicy | None:
    """To whom requests go; None while nobody has said so."""
    return SuspensionPolicy.objects.filter(entity=entity).first()


def exemptions() -> QuerySet[SuspensionCase]:
    """Cases by which a customer is not to be suspended, until somebody ends that."""
    ended = SuspensionStep.objects.filter(case=OuterRef("pk"), kind=SuspensionStep.Kind.EXEMPT_ENDED)
    return SuspensionCase.objects.filter(~Exists(ended), ending=Ending.EXEMPT)


def with_parts(rows: QuerySet[SuspensionCase]) -> QuerySet[SuspensionCase]:
    """Cases with their documents, people and pauses."""
    items = Prefetch("items", SuspensionItem.objects.select_related("item", "hold").order_by("item__due_on", "pk"))
    owners = Prefetch("owners", SuspensionOwner.objects.select_related("person").order_by("pk"))
    steps = Prefetch("steps", SuspensionStep.objects.select_related("by", "message", "file").order_by("pk"))
    rows = rows.select_related(*SHOWN).prefetch_related(items).prefetch_related(owners).prefetch_related(steps)
    return rows.prefetch_related("freezes", "extensions__proof")


def open_suspensions(entity: LegalEntity) -> QuerySet[SuspensionCase]:
    """Cases that are not over, the oldest first."""
    return with_parts(SuspensionCase.objects.filter(entity=entity, ended_on=None)).order_by("opened_on", "pk")


@dataclass(frozen=True, slots=True)
class SuspensionQuestion:
    """What a list of suspensions shows."""

    entity: LegalEntity
    view: str = "open"
    query: str = ""


def suspension_list(question: SuspensionQuestion, *, by: User) -> QuerySet[SuspensionCase]:
    """The cases that a question asks for: open ones by their day, others the newest first."""
    rows = SuspensionCase.objects.visible_to(by).filter(entity=question.entity)
    if question.view == "open":
        rows = rows.filter(ended_on=None)
    elif question.view == "stopped":
        rows = rows.filter(stage__in=(Stage.REQUESTED, Stage.SUSPENDED, Stage.RESTORING))
    elif question.view == "ended":
        rows = rows.filter(ended_on__isnull=False)
    if question.query:
        rows = rows.filter(Q(customer__name__icontains=question.query) | Q(customer__code__iexact=question.query))
    return with_parts(rows).order_by("ended_on", "opened_on", "pk")


def suspensions_of(customer: Customer) -> QuerySet[SuspensionCase]:
    """Every case of a customer, the newest first."""
    return with_parts(SuspensionCase.objects.filter(customer=customer)).order_by("-pk")


# What they rest on ---------------------------------------------------------------------------------------------------


def files_of(cases: Sequence[SuspensionCase], *, on: date, at: datetime) -> list[CaseFile]:
    """What exists of cases of one company, fetched `with_parts`, on a day."""
    if not cases:
        return []
    standings, notes = standings_of(cases, on), last_notes(cases)
    calls, reachable = _calls(cases), _with_executive({case.customer_id for case in cases})
    found = []
    for case in cases:
        evidence = Evidence(
            day=day_of_window(case.opened_on, case.pauses, min(on, case.ended_on or on)),
            position=standings[case.pk].position,
            calls=calls[case.pk],
            left=_notices_that_left(case),
            stale=stale_owners(case, notes, at - timedelta(days=NOTE_DAYS)),
            has_executive=case.customer_id in reachable,
            approved_by=tuple(one.name for one in (case.finance_by, case.service_by) if one),
            paused=paused_by(case, on),
        )
        found.append(CaseFile(case, standings[case.pk], evidence, notes, on))
    return found


def what_is_missing(case: SuspensionCase, stage: Stage, *, on: date, at: datetime) -> list[str]:
    """What does not exist yet of all that must exist before a stage, in words."""
    [found] = files_of([case], on=on, at=at)
    return missing(stage, found.evidence)


def standings_of(cases: Sequence[SuspensionCase], on: date) -> dict[int, Standing]:
    """What is owed of each case and what covers the rest, from the ledger and the collectors' records."""
    known = known_of(cases[0].entity, sorted({case.customer_id for case in cases}), on)
    return {case.pk: _standing(case, known) for case in cases}


def _standing(case: SuspensionCase, known: Known) -> Standing:
    facts = {each.key: each for each in known.items.get(case.customer_id, ())}
    customer_stops = tuple(known.customer_stops.get(case.customer_id, ()))
    reasons: list[list[Reason]] = []
    words: dict[str, None] = {}
    left: dict[int, Decimal] = {}
    base = ZERO
    for part in case.items.all():
        item = facts.get(part.item_id)
        if item is None:
            reasons.append([Reason.SETTLED])
            continue
        stops = [*customer_stops, *(s for s in known.stops.get(part.item_id, ()) if s.words != str(part.hold))]
        free = _free(item.open, stops)
        reasons.append([] if free else [stop.reason for stop in stops])
        words.update(dict.fromkeys(str(stop) for stop in stops))
        if free:
            left[part.item_id] = free
            base += item.base_open * free / item.open
    return Standing(position_of(reasons), "; ".join(words), left, base)


def _free(owed: Decimal, stops: Iterable[Stop]) -> Decimal:
    """What of an open amount nothing covers."""
    amounts = [stop.amount for stop in stops]
    if any(amount is None for amount in amounts):
        return ZERO
    return max(owed - sum((amount for amount in amounts if amount is not None), ZERO), ZERO)


def moved_suspensions(entity: LegalEntity, today: date) -> list[SuspensionCase]:
    """Open cases of which the ledger says something else than was written down; for all in a fixed number of
    statements."""
    cases = list(open_suspensions(entity).exclude(stage=Stage.RESTORING))
    standings = standings_of(cases, today) if cases else {}
    return [case for case in cases if _has_moved(case, standings[case.pk].position)]


def _has_moved(case: SuspensionCase, position: Position) -> bool:
    if case.position != position:
        return True
    stands_still = any(each.until_on is None for each in case.freezes.all())
    return case.stage not in STOPPED and stands_still == (position == Position.OWED)


def overdue_items(customer: Customer, on: date) -> list[int]:
    """Documents that may lead to a suspension: overdue for long enough, with something that nothing covers."""
    known = known_of(customer.entity, [customer.pk], on)
    stops = tuple(known.customer_stops.get(customer.pk, ()))
    return [
        each.key
        for each in known.items.get(customer.pk, ())
        if (on - each.due_on).days >= OVERDUE_FROM and _free(each.open, [*stops, *known.stops.get(each.key, ())])
    ]


def last_notes(cases: Sequence[SuspensionCase]) -> dict[int, OwnerNote]:
    """The last note of each owner."""
    rows = OwnerNote.objects.filter(owner__case__in=cases).order_by("owner_id", "-pk").distinct("owner_id")
    return {note.owner_id: note for note in rows.select_related("by")}


def stale_owners(case: SuspensionCase, notes: Mapping[int, OwnerNote], since: datetime) -> dict[int, str]:
    """Owners who have said nothing since a moment, each with the name."""
    return {
        owner.pk: owner.person.name
        for owner in case.owners.all()
        if (note := notes.get(owner.pk)) is None or note.at < since
    }


def _calls(cases: Sequence[SuspensionCase]) -> dict[int, int]:
    """Calls that were made since the case began; to the same person within the same hour they count as one."""
    rows = Call.objects.filter(
        customer__in={case.customer_id for case in cases}, direction="out", taken_back_at=None
    ).exclude(outcome="")
    columns = ("customer_id", "contact_id", "on", "started_at")
    made: dict[int, list[tuple[date, tuple[int | None, datetime]]]] = defaultdict(list)
    first = min(case.opened_on for case in cases)
    for customer, contact, day, at in rows.filter(on__gte=first).order_by().values_list(*columns):
        hour = at.replace(minute=0, second=0, microsecond=0)
        made[customer].append((day, (contact, hour)))
    return {case.pk: len({call for day, call in made[case.customer_id] if day >= case.opened_on}) for case in cases}


def _with_executive(customers: Iterable[int]) -> set[int]:
    rows = Contact.objects.filter(
        customer__in=list(customers), role=Contact.Role.ESCALATION, is_active=True, bounced_at=None
    ).exclude(email="")
    return set(rows.values_list("customer_id", flat=True))


def _notices_that_left(case: SuspensionCase) -> frozenset[Stage]:
    stages = {stage.value for stage in NOTICES}
    return frozenset(
        Stage(step.kind)
        for step in case.steps.all()
        if step.kind in stages and step.message is not None and step.message.state == Message.State.SENT
    )


def paused_by(case: SuspensionCase, on: date) -> str:
    """What stops the clock of a case on a day: a proof, money that was seen, more time approved; or nothing."""
    for each in case.freezes.all():
        if each.from_on <= on and (each.until_on is None or on <= each.until_on):
            return each.reason
    for extension in case.extensions.all():
        if extension.approved_on is not None and extension.approved_on <= on <= extension.until_on:
            return f"Extended until {extension.until_on:%d %b %Y}"
    return ""
