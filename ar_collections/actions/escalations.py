"""Escalations: raised with a summary that the system writes, and answered by a named manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse

from ar_collections.escalation import ANSWER_WITHIN, Advice, Trigger
from ar_collections.escalation_messages import ANSWERED, ASKED, REMINDED
from ar_collections.models import Escalation
from ar_collections.papers.case_summary import pdf_of_summary, summary_name
from ar_collections.queries.answering import asked_now
from ar_collections.queries.escalations import summary_of, to_remind
from core.audit import audit
from core.calendars import calendar_of
from core.errors import Refused
from core.files import store_file
from core.models import LegalEntity, StoredFile, User
from core.permissions import may, require, system_user
from customers.models import Customer, lock
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.recipients import Recipients


class NotEscalated(Refused):
    """The escalation can't be raised, answered or carried out like that."""

    code = "not_escalated"


@dataclass(frozen=True, slots=True)
class Plea:
    """Why a customer is laid before whom, and by when an answer is needed; left empty, three business days."""

    trigger: Trigger
    asked: User
    note: str = ""
    answer_by: date | None = None


@transaction.atomic
def raise_escalation(*, by: User, customer: Customer, plea: Plea, on: date) -> Escalation:
    """Lay a customer before a manager: the system writes the page with the figures and what it recommends."""
    require(by, "collections.raise_escalation", customer.entity)
    customer = lock(customer)
    standing = Escalation.objects.filter(customer=customer, answered_on=None).first()
    if standing is not None:
        return standing
    answer_by = plea.answer_by or calendar_of(customer.entity).add_business_days(on, ANSWER_WITHIN)
    _refuse_plea(by, customer, plea, answer_by, on)

    summary = summary_of(customer, on=on)
    pdf = pdf_of_summary(customer, summary, on=on, note=plea.note, asked=plea.asked.name)
    escalation = Escalation.objects.create(
        entity=customer.entity,
        customer=customer,
        trigger=plea.trigger,
        note=plea.note.strip()[:600],
        advice=summary.recommendation.advice,
        because=summary.recommendation.because[:200],
        facts=[list(fact) for fact in summary.facts],
        documents=[list(row) for row in summary.documents],
        history=[list(row) for row in summary.history],
        summary=store_file(by, customer.entity, summary_name(customer, on), pdf),
        asked=plea.asked,
        answer_by=answer_by,
        raised_on=on,
        raised_by=by,
    )
    _write(escalation, ASKED, "", plea.asked, [escalation.summary])

    after = {"asked": plea.asked.name, "answer_by": answer_by, "advice": escalation.get_advice_display()}
    audit(by, "escalation.raised", escalation, entity=customer.entity, after=after, reason=escalation.note)
    return escalation


@transaction.atomic
def answer_escalation(*, by: User, escalation: Escalation, decision: Advice, answer: str, on: date) -> Escalation:
    """Say what is done. Lawyers need somebody who may approve that."""
    require(by, "collections.answer_escalation", escalation.entity)
    lock(escalation.customer)
    escalation = (
        Escalation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("entity", "customer", "raised_by")
        .get(pk=escalation.pk)
    )
    if not escalation.is_open:
        return escalation
    if escalation.raised_by_id == by.pk:
        raise NotEscalated("You raised this yourself; somebody else answers.")
    if not answer.strip():
        raise NotEscalated("Write what is to be done.")
    if decision == Advice.LEGAL and not may(by, "collections.approve_legal", escalation.entity):
        raise NotEscalated("Lawyers are for the finance manager to decide. Ask them, or choose another way.")

    escalation.decision, escalation.answer = decision, answer.strip()[:600]
    escalation.answered_by, escalation.answered_on = by, on
    escalation.save(update_fields=["decision", "answer", "answered_by", "answered_on"])
    _write(escalation, ANSWERED, "", escalation.raised_by, [])

    after = {"decision": escalation.get_decision_display()}
    audit(by, "escalation.answered", escalation, entity=escalation.entity, after=after, reason=escalation.answer)
    return escalation


@transaction.atomic
def remind_of_escalations(*, by: User, entity: LegalEntity, today: date) -> list[Message]:
    """Write once a business day to whoever owes an answer whose day has come; for who left, to the managers."""
    require(by, "collections.remind_of_escalations", entity)
    if not calendar_of(entity).is_business_day(today):
        return []
    rows = list(to_remind(entity, today))
    asked = asked_now(entity, rows) if rows else {}
    return [
        _write(row, REMINDED, f"{today}:{person.pk}", person, [row.summary]) for row in rows for person in asked[row.pk]
    ]


def _refuse_plea(by: User, customer: Customer, plea: Plea, answer_by: date, on: date) -> None:
    if plea.asked.pk == by.pk:
        raise NotEscalated("You can't answer yourself. Choose another manager.")
    if not may(plea.asked, "collections.answer_escalation", customer.entity):
        raise NotEscalated(f"{plea.asked.name} answers no escalations in {customer.entity.name}.")
    if answer_by < on:
        raise NotEscalated(f"{answer_by:%d %b %Y} is over already; choose a later day.")


def _write(escalation: Escalation, kind: str, key: str, to: User, files: Sequence[StoredFile]) -> Message:
    draft = Draft(
        kind=kind,
        key=f"{escalation.pk}:{key}",
        customer=escalation.customer,
        recipients=Recipients(to=(to.email,), name=to.name),
        document_url=reverse("collections:escalation", args=[escalation.pk]),
        context={"escalation": escalation.pk},
        files=list(files),
    )
    [message] = queue_messages(by=system_user(), drafts=[draft])
    return message
