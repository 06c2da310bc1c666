"""Asking for approval, and deciding. Nobody decides on their own request.

A request changes nothing by itself. The room whose document it is approves and acts in one action of its own, which
begins with `approve_request` and goes on with the effect; so both happen or neither.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import models, transaction

from controls.actions.limits import use_authority
from controls.models import ApprovalRequest, Authority
from core import clock
from core.audit import audit
from core.errors import NotAllowed, Refused
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import require

VALID_DAYS = 30
Decision = ApprovalRequest.Decision


class AlreadyAsked(Refused):
    """The document waits for a decision already."""

    code = "already_asked"


class RequestClosed(Refused):
    """The request was decided, withdrawn, has expired, or no longer fits its document."""

    code = "request_closed"


@transaction.atomic
def request_approval(
    *,
    by: User,
    entity: LegalEntity,
    kind: Authority,
    subject: models.Model,
    subject_url: str,
    subject_label: str = "",
    facts: Sequence[tuple[str, str]],
    effect: str,
    amount: Money,
    counts_with: str,
    reason: str,
    decide_url_name: str,
    requested_on: date,
) -> ApprovalRequest:
    """Lay a document before somebody with a higher limit. The permission to ask is the calling action's."""
    if not reason.strip():
        raise Refused("Write a reason: whoever decides reads it first.")
    if not amount.amount > 0:
        raise Refused(f"{subject}: an approval needs an amount above zero.")
    _make_room(kind, subject, requested_on)

    request = ApprovalRequest(
        entity=entity,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=(subject_label or str(subject))[:200],
        subject_url=subject_url,
        facts=[list(fact) for fact in facts],
        effect=effect,
        counts_with=counts_with,
        amount=amount.amount,
        currency=amount.currency,
        reason=reason.strip(),
        requested_by=by,
        expires_on=requested_on + timedelta(days=VALID_DAYS),
        decide_url_name=decide_url_name,
    )
    request.save(force_insert=True)

    audit(by, "approval.requested", request, entity=entity, after={"amount": str(amount)}, reason=request.reason)
    return request


def _make_room(kind: Authority, subject: models.Model, requested_on: date) -> None:
    """One request a document: a waiting one is refused a second, an expired one is closed."""
    waiting = _open_request_of(kind, subject)
    if waiting is not None and waiting.is_waiting(requested_on):
        raise AlreadyAsked(
            f"{subject} waits for approval of {waiting.money} already, asked by {waiting.requested_by}. "
            "Withdraw that request first."
        )
    if waiting is not None:
        _close(waiting, Decision.EXPIRED, "")


@transaction.atomic
def approve_request(
    *, by: User, request: ApprovalRequest, amount: Money, decided_on: date, comment: str = ""
) -> ApprovalRequest:
    """Give the second person's yes, within that person's own limit. `amount` is what the document says now."""
    require(by, "controls.decide_request", request.entity)
    request = _locked(request)
    _refuse_closed(request, decided_on)
    _refuse_own(by, request)
    if amount != request.money:
        raise RequestClosed(
            f"{request.subject_label} was changed since: {request.money} was asked for, it is {amount} now. "
            "It needs a new request."
        )
    use_authority(
        by=by,
        entity=request.entity,
        kind=Authority(request.kind),
        amount=amount,
        counts_with=request.counts_with,
        subject_label=request.subject_label,
        on=decided_on,
    )

    _close(request, Decision.APPROVED, comment, by)

    audit(by, "request.approved", request, entity=request.entity, after={"amount": str(amount)}, reason=comment)
    return request


@transaction.atomic
def decline_request(*, by: User, request: ApprovalRequest, comment: str, decided_on: date) -> ApprovalRequest:
    """Say no, and why. The document stays as it is, with the person who asked."""
    require(by, "controls.decide_request", request.entity)
    request = _locked(request)
    _refuse_closed(request, decided_on)
    _refuse_own(by, request)
    if not comment.strip():
        raise Refused("Write why you decline: the person who asked reads it.")

    _close(request, Decision.DECLINED, comment.strip(), by)

    audit(by, "request.declined", request, entity=request.entity, reason=request.comment)
    return request


@transaction.atomic
def withdraw_request(*, by: User, request: ApprovalRequest) -> ApprovalRequest:
    """Take back one's own question."""
    request = _locked(request)
    if request.requested_by_id != by.pk:
        raise NotAllowed(f"{request} was asked for by {request.requested_by}; only they withdraw it.")
    if request.decision == Decision.WITHDRAWN:
        return request
    if request.decision:
        raise RequestClosed(f"{request} is {request.get_decision_display().lower()} already.")

    _close(request, Decision.WITHDRAWN, "")

    audit(by, "request.withdrawn", request, entity=request.entity)
    return request


def _open_request_of(kind: Authority, subject: models.Model) -> ApprovalRequest | None:
    rows = ApprovalRequest.objects.select_for_update(no_key=True).filter(
        kind=kind, subject_type=subject._meta.label_lower, subject_id=str(subject.pk), decision=Decision.OPEN
    )
    return rows.first()


def _locked(request: ApprovalRequest) -> ApprovalRequest:
    return ApprovalRequest.objects.select_for_update(no_key=True).get(pk=request.pk)


def _refuse_closed(request: ApprovalRequest, on: date) -> None:
    if request.decision:
        raise RequestClosed(f"{request} is {request.get_decision_display().lower()} already.")
    if on > request.expires_on:
        raise RequestClosed(f"{request} expired on {request.expires_on:%d %b %Y}. It has to be asked for again.")


def _refuse_own(by: User, request: ApprovalRequest) -> None:
    if request.requested_by_id == by.pk:
        raise NotAllowed(f"You asked for {request} yourself; somebody else decides.")


def _close(request: ApprovalRequest, decision: str, comment: str, by: User | None = None) -> None:
    request.decision, request.comment = decision, comment
    request.decided_by, request.decided_at = by, clock.now()
    request.save(update_fields=["decision", "comment", "decided_by", "decided_at"])
