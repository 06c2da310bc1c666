"""Notices: decided by the night's review or by a person, and asked once more at the second of sending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from ar_collections.addressees import addressees
from ar_collections.ladder import EMAIL, LETTER, Decision, Line, ask_receipt, remind
from ar_collections.models import DunningNotice
from ar_collections.queries.cases import Case, House, house_of, load_cases
from core.audit import audit, audit_many
from core.copying import Copier
from core.errors import Refused
from core.models import Run, User
from core.permissions import may, require
from customers.models import Customer, lock, take_turns
from messaging.actions import Draft, queue_messages
from messaging.actions.queueing import OUTBOX_DELAY

WRITTEN = frozenset({EMAIL, LETTER})


LINES = Copier(
    "collections_noticeline",
    ("notice_id", "item_id", "strategy_id", "step_code", "step_day", "asked", "currency", "fell_out"),
)
Planned = tuple[Case, Decision]


class NothingToAsk(Refused):
    """There is nothing that the customer could be asked for now."""

    code = "nothing_to_ask"


@dataclass
class Reviewed:
    """What a review of some customers came to."""

    notices: int = 0
    messages: int = 0
    calls: int = 0
    already: int = 0
    stops: Counter[str] = field(default_factory=Counter)

    def add(self, other: Reviewed) -> None:
        """Count what came to some more customers."""
        self.notices += other.notices
        self.messages += other.messages
        self.calls += other.calls
        self.already += other.already
        self.stops.update(other.stops)


@transaction.atomic
def write_notices(
    *, by: User, house: House, customers: Sequence[int], on: date, at: datetime, run: Run | None = None
) -> Reviewed:
    """Review some customers for a day: write a notice to whoever is due for one, and count why nobody else is."""
    require(by, "collections.write_notices", house.entity)
    take_turns(Customer(pk=key) for key in customers)

    reviewed, due = Reviewed(), list[Planned]()
    for case in load_cases(house, customers, on=on, at=at):
        if case.asked_already is not None:
            reviewed.already += 1
            continue
        reviewed.stops.update(stop.reason.value for stop in case.decision.stops.values())
        if case.decision.is_asked:
            due.append((case, case.decision))
    notices = _write(by, house, due, at, run)

    audit_many(by, "notice.decided", notices, entity=house.entity, after_each=_told)
    reviewed.notices = len(notices)
    reviewed.messages = sum(notice.message_id is not None for notice in notices)
    reviewed.calls = sum(notice.asks_call for notice in notices)
    return reviewed


@transaction.atomic
def send_notice(*, by: User, customer: Customer, on: date, at: datetime) -> DunningNotice:
    """Ask a customer now: for the step that is due, a manager's steps included, else remind them of the last one."""
    require(by, "collections.send_notice", customer.entity)
    customer = lock(customer)
    house = house_of(customer.entity)
    by_hand = may(by, "collections.send_final_notice", customer.entity)
    case = next(load_cases(house, [customer.pk], on=on, at=at, by_hand=by_hand), None)
    if case is None:
        raise NothingToAsk(f"{customer.name} owes nothing.")
    if case.asked_already is not None and not case.asked_already.held_back:
        return case.asked_already
    decision = case.decision if case.decision.is_asked else remind(case.party, case.items, on, by_hand=by_hand)
    _refuse(case, decision)

    [notice] = _write(by, house, [(case, decision)], at, None)

    audit(by, "notice.decided", notice, entity=customer.entity, after=_told(notice))
    return notice


@transaction.atomic
def ask_about_finals(
    *, by: User, house: House, finals: Mapping[int, Collection[int]], on: date, at: datetime, run: Run | None = None
) -> Reviewed:
    """Ask customers whether their finals arrived, each final once; `finals` holds the items by customer."""
    require(by, "collections.ask_about_finals", house.entity)
    take_turns(Customer(pk=key) for key in sorted(finals))

    reviewed, due = Reviewed(), list[Planned]()
    for case in load_cases(house, sorted(finals), on=on, at=at):
        if case.asked_already is not None:
            reviewed.already += 1
            continue
        own = [item for item in case.items if item.key in finals[case.customer.pk]]
        decision = ask_receipt(case.party, own, on)
        reviewed.stops.update(stop.reason.value for stop in decision.stops.values())
        if decision.is_asked:
            due.append((case, decision))
    notices = _write(by, house, due, at, run)

    audit_many(by, "final.asked_about", notices, entity=house.entity, after_each=_told)
    reviewed.notices = len(notices)
    reviewed.messages = sum(notice.message_id is not None for notice in notices)
    reviewed.calls = sum(notice.asks_call for notice in notices)
    return reviewed


# Writing -------------------------------------------------------------------------------------------------------------


def _write(by: User, house: House, planned: Sequence[Planned], at: datetime, run: Run | None) -> list[DunningNotice]:
    notices = DunningNotice.objects.bulk_create(
        DunningNotice(
            entity=house.entity,
            customer=case.customer,
            decided_on=case.on,
            step=house.steps[decision.rung.step],
            asks_call=decision.rung.asks_call,
            run=run,
            decided_by=by,
            decided_at=at,
        )
        for case, decision in planned
        if decision.rung is not None
    )
    written = [(notice, *plan) for notice, plan in zip(notices, planned, strict=True)]
    LINES.copy(_row(notice, case, line) for notice, case, decision in written for line in decision.lines)
    _queue(by, written, at)
    return notices


def _row(notice: DunningNotice, case: Case, line: Line) -> tuple[object, ...]:
    ladder, rung = line.item.ladder, line.rung
    climbs = rung is not None and ladder is not None
    return (
        notice.pk,
        line.item.key,
        ladder.strategy if climbs and ladder else None,
        rung.code if climbs and rung else "",
        rung.day if climbs and rung else None,
        line.item.left,
        case.facts[line.item.key].currency,
        "",
    )


def _queue(by: User, written: Sequence[tuple[DunningNotice, Case, Decision]], at: datetime) -> None:
    to_send = [each for each in written if each[2].ways & WRITTEN]
    messages = queue_messages(by=by, drafts=[_draft(*each, at) for each in to_send])
    for (notice, *_), message in zip(to_send, messages, strict=True):
        notice.message = message
    DunningNotice.objects.bulk_update([notice for notice, *_ in to_send], ["message"], batch_size=500)


def _draft(notice: DunningNotice, case: Case, decision: Decision, at: datetime) -> Draft:
    only = decision.lines[0].item.key if len(decision.lines) == 1 else None
    return Draft(
        kind=notice.step.template,
        key=f"{notice.decided_on}:{notice.pk}",
        customer=case.customer,
        recipients=addressees(case.customer, case.contacts, notice.step),
        document=case.facts[only].number if only else "",
        document_url=reverse("collections:notice", args=[notice.pk]),
        context={"notice": notice.pk},
        not_before=max(at + OUTBOX_DELAY, case.hours.next_opening(at)),
    )


def _told(notice: DunningNotice) -> dict[str, object]:
    return {"customer": notice.customer.code, "step": notice.step.name, "on": notice.decided_on}


def _refuse(case: Case, decision: Decision) -> None:
    name = case.customer.name
    if case.asked_already is not None:
        raise NothingToAsk(f"What was to go to {name} today was held back: {case.asked_already.held_back}")
    if not decision.is_asked:
        words = sorted({str(stop) for stop in case.decision.stops.values()}) or ["Nobody works there today"]
        raise NothingToAsk(f"Nothing can be asked of {name} today. {'; '.join(words[:4])}.")
