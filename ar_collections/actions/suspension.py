"""Suspensions: opened with the first notice, led through their notices, suspended, restored, ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.actions.suspension_steps import (
    Kind,
    NotSuspendable,
    ask_support,
    close_suspension,
    note_step,
    tell_managers,
)
from ar_collections.contact_hours import hours_of
from ar_collections.models import DunningHold, SuspensionCase, SuspensionItem, SuspensionOwner, SuspensionPolicy
from ar_collections.models.suspension import lock_suspension
from ar_collections.queries.suspension import exemptions, overdue_items, policy_of, what_is_missing
from ar_collections.suspension import (
    NOTICES,
    OVERDUE_FROM,
    STOPPED,
    Ending,
    Function,
    Level,
    Stage,
    next_stage,
)
from ar_collections.suspension_messages import NOTICE_KINDS
from core import clock
from core.audit import audit
from core.calendars import calendar_of
from core.models import LegalEntity, User
from core.permissions import require, system_user
from customers.models import Address, Contact, Customer, lock
from ledger.models import OpenItem
from messaging.actions import Draft, queue_messages, take_up_wording
from messaging.actions.queueing import OUTBOX_DELAY
from messaging.models import Message
from messaging.recipients import STATEMENTS, Recipients, recipients_of

LOST = (Message.State.CANCELLED, Message.State.FAILED, Message.State.BOUNCED)


@dataclass(frozen=True, slots=True)
class SuspensionFacts:
    """With what a case is opened: who stands in it for what, how much stops, and for which final, if for one."""

    owners: Mapping[Function, User]
    level: Level = Level.FULL
    final: OpenItem | None = None
    clause: str = ""


@transaction.atomic
def change_suspension_policy(*, by: User, entity: LegalEntity, **fields: str | int) -> SuspensionPolicy:
    """Say to whom requests to support go, on which clause suspensions rest, and on which day the meeting is."""
    require(by, "collections.change_suspension_policy", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    policy = policy_of(entity) or SuspensionPolicy(entity=entity)
    before = {name: getattr(policy, name) for name in fields} if policy.pk else {}
    if before == fields:
        return policy
    for name, value in fields.items():
        setattr(policy, name, value)
    policy.full_clean()
    policy.save()

    audit(by, "suspension_policy.changed", policy, entity=entity, before=before, after=fields)
    return policy


@transaction.atomic
def open_suspension(*, by: User, customer: Customer, facts: SuspensionFacts, opened_on: date) -> SuspensionCase:
    """Begin the two weeks: the first notice goes out, and the ladders of its documents wait."""
    require(by, "collections.open_suspension", customer.entity)
    customer = lock(customer)
    standing = SuspensionCase.objects.filter(customer=customer, final=facts.final, ended_on=None).first()
    if standing is not None:
        return standing
    policy = policy_of(customer.entity)
    items = _items_to_suspend_for(customer, facts, opened_on)
    _refuse(customer, facts, policy, items)

    case = SuspensionCase.objects.create(
        entity=customer.entity,
        customer=customer,
        final=facts.final,
        level=facts.level,
        clause=(facts.clause.strip() or (policy.clause if policy else ""))[:200],
        opened_on=opened_on,
        opened_by=by,
    )
    SuspensionOwner.objects.bulk_create(
        SuspensionOwner(case=case, function=function, person=person) for function, person in facts.owners.items()
    )
    for item in items:
        held = HoldFacts(DunningHold.Kind.HOLD, f"Suspension of {opened_on:%d %b %Y}, no. {case.pk}", item)
        hold = place_hold(by=system_user(), customer=customer, facts=held, placed_on=opened_on)
        SuspensionItem.objects.create(case=case, item=item, hold=hold, amount=item.open_amount, currency=item.currency)
    _write_notice(by, case, opened_on, clock.now())
    return case


@transaction.atomic
def send_suspension_notice(*, by: User, case: SuspensionCase, on: date, at: datetime) -> SuspensionCase:
    """Send the next notice, or the last one again where it reached nobody."""
    require(by, "collections.send_suspension_notice", case.entity)
    case = lock_suspension(case)
    if _is_lost(case):
        _write_notice(by, case, on, at)
        return case
    stage = next_stage(Stage(case.stage))
    if stage not in NOTICES:
        raise NotSuspendable(f"{case} is at “{case.get_stage_display()}”: no notice follows.")
    _refuse_what_is_missing(case, stage, on, at)

    case.stage = stage
    case.save(update_fields=["stage"])
    _write_notice(by, case, on, at)
    return case


@transaction.atomic
def request_suspension(*, by: User, case: SuspensionCase, on: date, at: datetime) -> SuspensionCase:
    """Ask support to stop the service: the window is over, two functions agreed, and the money has not come."""
    require(by, "collections.request_suspension", case.entity)
    case = lock_suspension(case)
    if case.stage in STOPPED:
        return case
    if case.stage != Stage.APPROVED:
        raise NotSuspendable(f"{case} is at “{case.get_stage_display()}”. Finance and the service owner approve first.")
    _refuse_what_is_missing(case, Stage.REQUESTED, on, at)

    case.stage = Stage.REQUESTED
    case.save(update_fields=["stage"])
    step = ask_support(by=by, case=case, on=on, why=f"Clause {case.clause}")
    tell_managers(by=by, step=step)
    return case


@transaction.atomic
def confirm_suspension(*, by: User, case: SuspensionCase, on: date, note: str = "") -> SuspensionCase:
    """Write down that support has stopped the service."""
    require(by, "collections.confirm_suspension", case.entity)
    case = lock_suspension(case)
    if case.stage == Stage.SUSPENDED:
        return case
    if case.stage != Stage.REQUESTED:
        raise NotSuspendable(f"{case} is at “{case.get_stage_display()}”: support was not asked to suspend.")

    case.stage = Stage.SUSPENDED
    case.save(update_fields=["stage"])
    step = note_step(by=by, case=case, kind=Kind.SUSPENDED, on=on, note=note)
    tell_managers(by=by, step=step)
    return case


@transaction.atomic
def confirm_restoration(*, by: User, case: SuspensionCase, on: date, note: str = "") -> SuspensionCase:
    """Write down that the service is back. The case is over."""
    require(by, "collections.confirm_restoration", case.entity)
    case = lock_suspension(case)
    if case.ending == Ending.RESTORED:
        return case
    if case.stage != Stage.RESTORING:
        raise NotSuspendable(f"{case} is at “{case.get_stage_display()}”: support was not asked to restore.")
    return close_suspension(by=by, case=case, ending=Ending.RESTORED, on=on, note=note, kinds=[Kind.RESTORED])


@transaction.atomic
def end_suspension(*, by: User, case: SuspensionCase, ending: Ending, reason: str, on: date) -> SuspensionCase:
    """End a case: withdrawn, not to be suspended, or the service ended for good. What is stopped is restored first."""
    require(by, "collections.end_suspension", case.entity)
    case = lock_suspension(case)
    if case.is_over or case.stage == Stage.RESTORING:
        return case
    if not reason.strip():
        raise NotSuspendable("Write why the suspension ends.")
    if ending not in (Ending.WITHDRAWN, Ending.EXEMPT, Ending.TERMINATED):
        raise NotSuspendable(f"“{ending.label}” is found out from the ledger, not chosen.")
    if case.stage in STOPPED and ending != Ending.TERMINATED:
        case.stage = Stage.RESTORING
        case.save(update_fields=["stage"])
        ask_support(by=by, case=case, on=on, why=reason)
        return case
    return close_suspension(by=by, case=case, ending=ending, on=on, note=reason)


@transaction.atomic
def end_exemption(*, by: User, case: SuspensionCase, reason: str, on: date) -> SuspensionCase:
    """Say that a customer who was not to be suspended may be again: why they were exempt holds no more."""
    require(by, "collections.end_exemption", case.entity)
    case = lock_suspension(case)
    if case.steps.filter(kind=Kind.EXEMPT_ENDED).exists():
        return case
    if case.ending != Ending.EXEMPT:
        raise NotSuspendable(f"{case} doesn’t exempt {case.customer.name}.")
    if not reason.strip():
        raise NotSuspendable(f"Write why {case.customer.name} may be suspended again.")

    step = note_step(by=by, case=case, kind=Kind.EXEMPT_ENDED, on=on, note=reason)
    tell_managers(by=by, step=step)
    return case


def _items_to_suspend_for(customer: Customer, facts: SuspensionFacts, on: date) -> list[OpenItem]:
    rows = OpenItem.objects.filter(pk__in=overdue_items(customer, on)).order_by("due_on", "pk")
    if facts.final is not None:
        rows = rows.filter(pk=facts.final.pk)
    elsewhere = SuspensionItem.objects.filter(case__customer=customer, case__ended_on=None)
    return list(rows.exclude(pk__in=elsewhere.values("item")))


def _refuse(customer: Customer, facts: SuspensionFacts, policy: SuspensionPolicy | None, items: list[OpenItem]) -> None:
    if policy is None:
        raise NotSuspendable("Nobody has said to whom requests to support go. Settings, Suspensions.")
    if facts.final is not None and facts.final.customer_id != customer.pk:
        raise NotSuspendable(f"{facts.final.number} is no document of {customer.name}.")
    exempt = exemptions().filter(customer=customer).order_by("-pk").first()
    if exempt is not None:
        why = exempt.steps.filter(kind=Kind.ENDED).values_list("note", flat=True).first()
        raise NotSuspendable(
            f"{customer.name} is not to be suspended: {why} A manager can end that on the page of the case."
        )
    if not items:
        about = facts.final.number if facts.final else f"Nothing of {customer.name}"
        raise NotSuspendable(
            f"{about} is not {OVERDUE_FROM} days past due and free of promises, disputes, plans, holds and other cases."
        )
    if Function.SERVICE not in facts.owners or len(facts.owners) < 2:
        raise NotSuspendable("Name the service owner, and whoever stands for the customer here.")


def _refuse_what_is_missing(case: SuspensionCase, stage: Stage, on: date, at: datetime) -> None:
    if lacking := what_is_missing(case, stage, on=on, at=at):
        raise NotSuspendable(f"{case}, before “{stage.label}”: {'; '.join(lacking)}.")


def _is_lost(case: SuspensionCase) -> bool:
    """Whether the notice of the case's stage reached nobody although it is still owed."""
    step = case.steps.filter(kind=case.stage).select_related("message").last()
    return step is not None and step.message is not None and step.message.state in LOST


def _write_notice(by: User, case: SuspensionCase, on: date, at: datetime) -> None:
    """The notice of the case's stage, into the customer's next working hours, with its owners on copy."""
    customer, stage = case.customer, Stage(case.stage)
    recipients = _recipients(case, stage)
    if stage == Stage.NOTICE_1:
        _keep_wordings(case, recipients.language)
    country = customer.addresses.filter(kind=Address.Kind.BILLING, is_active=True).values_list("country", flat=True)
    hours = hours_of(country.first() or "", home=calendar_of(case.entity), home_zone=case.entity.zone)
    draft = Draft(
        kind=NOTICE_KINDS[stage],
        key=f"{case.pk}:{case.steps.filter(kind=stage).count() + 1}",
        customer=customer,
        recipients=recipients,
        document_url=reverse("collections:suspension", args=[case.pk]),
        context={"case": case.pk},
        not_before=max(at + OUTBOX_DELAY, hours.next_working(at)),
    )
    [message] = queue_messages(by=system_user(), drafts=[draft])
    if message.state == Message.State.FAILED:
        raise NotSuspendable(message.reason)
    note_step(by=by, case=case, kind=Kind(stage.value), on=on, message=message)


def _keep_wordings(case: SuspensionCase, language: str) -> None:
    """A case's notices are all in the wording that it began with, also where nobody has used that before."""
    for kind in NOTICE_KINDS.values():
        take_up_wording(by=system_user(), entity=case.entity, kind=kind, language=language)


def _recipients(case: SuspensionCase, stage: Stage) -> Recipients:
    """Whoever pays there; the final notice also to whom matters are escalated. Always by mail: its proof is its log."""
    found = recipients_of([case.customer], STATEMENTS)[case.customer_id]
    copies = [owner.person.email for owner in case.owners.select_related("person")]
    executives = Contact.objects.filter(
        customer=case.customer_id, role=Contact.Role.ESCALATION, is_active=True, bounced_at=None
    ).exclude(email="")
    to = [*found.to, *(executives.values_list("email", flat=True) if stage == Stage.FINAL else ())]
    return Recipients(
        to=tuple(dict.fromkeys(to)),
        cc=tuple(dict.fromkeys(copies)),
        name=found.name,
        language=found.language,
    )
