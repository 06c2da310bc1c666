"""Two functions say yes to a suspension, and somebody who didn't ask gives more time."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from ar_collections.actions.suspension_steps import Kind, NotSuspendable, note_step, tell_managers
from ar_collections.models import SuspensionCase, SuspensionExtension
from ar_collections.models.suspension import lock_suspension
from ar_collections.queries.suspension import files_of, standings_of, what_is_missing
from ar_collections.suspension import STOPPED, Position, Stage
from controls.actions import approve_request, request_approval
from controls.models import ApprovalRequest, Authority
from core.audit import audit
from core.files import store_file
from core.models import User
from core.money import Money, round_to_currency
from core.permissions import require

FUNCTIONS = {Authority.SUSPENSION_FINANCE: "finance", Authority.SUSPENSION_SERVICE: "service"}


@dataclass(frozen=True, slots=True)
class MoreTime:
    """What is asked for: until when, why, and the customer's proof by name and content."""

    until_on: date
    reason: str
    proof: tuple[str, bytes]


@transaction.atomic
def ask_suspension_approval(
    *, by: User, case: SuspensionCase, reason: str, on: date, at: datetime
) -> list[ApprovalRequest]:
    """Lay a suspension before finance and before the service owner; both have to agree."""
    require(by, "collections.ask_suspension_approval", case.entity)
    case = lock_suspension(case)
    if case.stage != Stage.FINAL:
        raise NotSuspendable(f"{case} is at “{case.get_stage_display()}”. The final notice comes first.")
    if lacking := what_is_missing(case, Stage.APPROVED, on=on, at=at):
        raise NotSuspendable(f"{case}, before it is approved: {'; '.join(lacking)}.")

    requests = [
        _ask(by, case, kind, reason, on, at) for kind, function in FUNCTIONS.items() if _is_free(case, function)
    ]
    note_step(by=by, case=case, kind=Kind.ASKED, on=on, note=reason)
    return requests


@transaction.atomic
def approve_suspension(
    *, by: User, request: ApprovalRequest, case: SuspensionCase, approved_on: date, comment: str = ""
) -> SuspensionCase:
    """Agree for one's function. The second yes lets support be asked once the window is over."""
    require(by, "collections.approve_suspension", case.entity)
    case = lock_suspension(case)
    _refuse_other_subject(request, case)
    if case.stage != Stage.FINAL:
        raise NotSuspendable(f"{case} is at “{case.get_stage_display()}” by now.")
    standing = standings_of([case], approved_on)[case.pk]
    if standing.position != Position.OWED:
        raise NotSuspendable(f"{case}: {standing.words or standing.position.label}. Nobody is suspended for it.")
    function = FUNCTIONS[Authority(request.kind)]
    if by.pk in (case.finance_by_id, case.service_by_id):
        raise NotSuspendable(f"You agreed to {case} for the other function; somebody else decides.")
    amount = Money(round_to_currency(standing.base_left, case.entity.currency), case.entity.currency)
    approve_request(by=by, request=request, amount=amount, decided_on=approved_on, comment=comment)

    setattr(case, f"{function}_by", by)
    setattr(case, f"{function}_on", approved_on)
    both = case.finance_by_id is not None and case.service_by_id is not None
    case.stage = Stage.APPROVED if both else case.stage
    case.save(update_fields=["stage", f"{function}_by", f"{function}_on"])

    note_step(by=by, case=case, kind=Kind(function), on=approved_on, note=comment)
    return case


@transaction.atomic
def ask_extension(*, by: User, case: SuspensionCase, asked: MoreTime, on: date) -> SuspensionExtension:
    """Ask for more time with the customer's proof. The clock runs until somebody else agrees."""
    require(by, "collections.ask_extension", case.entity)
    case = lock_suspension(case)
    if case.is_over or case.stage in (*STOPPED, Stage.RESTORING):
        raise NotSuspendable(f"{case} is at “{case.get_stage_display()}”: there is nothing to extend.")
    if asked.until_on <= on:
        raise NotSuspendable(f"{asked.until_on:%d %b %Y} is not a day to come.")
    if not asked.reason.strip():
        raise NotSuspendable("Write why they get more time.")
    if (last := case.extensions.last()) is not None and last.approved_on is None and _is_asked(last, on):
        raise NotSuspendable(f"An extension until {last.until_on:%d %b %Y} waits for approval already.")

    name, content = asked.proof
    extension = SuspensionExtension.objects.create(
        case=case,
        until_on=asked.until_on,
        reason=asked.reason.strip()[:400],
        proof=store_file(by, case.entity, name, content),
        asked_by=by,
        asked_on=on,
    )
    request_approval(
        by=by,
        entity=case.entity,
        kind=Authority.EXTENSION,
        subject=extension,
        subject_url=reverse("collections:suspension", args=[case.pk]),
        subject_label=f"{case}, until {asked.until_on:%d %b %Y}",
        facts=[("Customer", str(case.customer)), ("Proof", extension.proof.name), ("Stage", case.get_stage_display())],
        effect=f"The clock of the suspension stands still until {asked.until_on:%d %b %Y}.",
        amount=_owed(case, on),
        counts_with=f"customer:{case.customer_id}",
        reason=extension.reason,
        decide_url_name="collections:approve_extension",
        requested_on=on,
    )
    note_step(by=by, case=case, kind=Kind.EXTENSION_ASKED, on=on, note=str(extension), file=extension.proof)
    return extension


@transaction.atomic
def approve_extension(
    *, by: User, request: ApprovalRequest, extension: SuspensionExtension, approved_on: date, comment: str = ""
) -> SuspensionExtension:
    """Give more time: the clock stands still from today until the day that was asked for."""
    require(by, "collections.approve_extension", extension.case.entity)
    case = lock_suspension(extension.case)
    extension = case.extensions.select_for_update(no_key=True).get(pk=extension.pk)
    _refuse_other_subject(request, extension)
    if case.is_over or case.stage in (*STOPPED, Stage.RESTORING):
        raise NotSuspendable(f"{case} is at “{case.get_stage_display()}” by now.")
    if extension.until_on < approved_on:
        raise NotSuspendable(f"{extension.until_on:%d %b %Y} is over. The extension has to be asked for anew.")
    approve_request(by=by, request=request, amount=request.money, decided_on=approved_on, comment=comment)

    extension.approved_by, extension.approved_on = by, approved_on
    extension.save(update_fields=["approved_by", "approved_on"])

    note = f"{extension}{f' ({comment})' if comment else ''}"
    step = note_step(by=by, case=case, kind=Kind.EXTENDED, on=approved_on, note=note, file=extension.proof)
    audit(by, "extension.approved", extension, entity=case.entity, reason=extension.reason)
    tell_managers(by=by, step=step)
    return extension


def _ask(by: User, case: SuspensionCase, kind: Authority, reason: str, on: date, at: datetime) -> ApprovalRequest:
    [found] = files_of([case], on=on, at=at)
    facts = [
        ("Customer", str(case.customer)),
        ("Documents", ", ".join(part.item.number for part in case.items.all())),
        ("Window", f"day {found.evidence.day}, opened {case.opened_on:%d %b %Y}"),
        ("Calls", str(found.evidence.calls)),
        ("What stops", case.get_level_display()),
        *((owner.get_function_display(), note.text if note else "–") for owner, note, _ in found.owners),
    ]
    amount = Money(round_to_currency(found.standing.base_left, case.entity.currency), case.entity.currency)
    return request_approval(
        by=by,
        entity=case.entity,
        kind=kind,
        subject=case,
        subject_url=reverse("collections:suspension", args=[case.pk]),
        subject_label=str(case),
        facts=facts,
        effect="Once both functions agree and the window is over, support is asked to stop the service.",
        amount=amount,
        counts_with=f"customer:{case.customer_id}",
        reason=reason,
        decide_url_name="collections:approve_suspension",
        requested_on=on,
    )


def _is_free(case: SuspensionCase, function: str) -> bool:
    return getattr(case, f"{function}_by_id") is None


def _owed(case: SuspensionCase, on: date) -> Money:
    """What is owed of a case, or what it was opened for where something covers it now."""
    left = standings_of([case], on)[case.pk].base_left
    base = left or sum(part.item.base_amount for part in case.items.select_related("item"))
    return Money(round_to_currency(base, case.entity.currency), case.entity.currency)


def _is_asked(extension: SuspensionExtension, on: date) -> bool:
    rows = ApprovalRequest.objects.filter(
        subject_type=extension._meta.label_lower, subject_id=str(extension.pk), decision="", expires_on__gte=on
    )
    return rows.exists()


def _refuse_other_subject(request: ApprovalRequest, subject: SuspensionCase | SuspensionExtension) -> None:
    if (request.subject_type, request.subject_id) != (subject._meta.label_lower, str(subject.pk)):
        raise NotSuspendable(f"The request is about {request.subject_label}, not about this.")
