"""What is written down about finals: whether they arrived, which questions stand, and their answers."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from ar_collections.finals import QUESTION_DAYS, QuestionKind
from ar_collections.models import FinalQuestion, FinalReceipt
from core.audit import audit
from core.calendars import calendar_of
from core.errors import Refused
from core.files import store_file
from core.models import User
from core.permissions import require
from customers.models import lock
from ledger.models import OpenItem

LOST = "It did not arrive: send it again, and ask whether it is there now."


class NotAboutAFinal(Refused):
    """It can't be written down of this document."""

    code = "not_about_a_final"


@dataclass(frozen=True, slots=True)
class Question:
    """What would stop the payment, who looks into it, and by when; left empty, three business days."""

    kind: QuestionKind
    text: str
    owner: User | None = None
    due_on: date | None = None


@transaction.atomic
def record_final_receipt(*, by: User, item: OpenItem, arrived: bool, said_by: str, said_on: date) -> FinalReceipt:
    """Write down whether a final arrived. One that did not becomes a question to be answered."""
    require(by, "collections.record_final_receipt", item.entity)
    lock(item.customer)
    if not said_by.strip():
        raise NotAboutAFinal(f"Write who says whether {item.number} arrived.")
    last = FinalReceipt.objects.filter(item=item).first()
    if last is not None and (last.arrived, last.said_by, last.said_on) == (arrived, said_by.strip(), said_on):
        return last

    receipt = FinalReceipt.objects.create(
        entity=item.entity, item=item, arrived=arrived, said_by=said_by.strip()[:120], said_on=said_on, written_by=by
    )
    audit(by, "final.received" if arrived else "final.not_received", item, entity=item.entity, reason=receipt.said_by)
    if not arrived:
        ask_final_question(by=by, item=item, question=Question(QuestionKind.DOCUMENTS, LOST), asked_on=said_on)
    return receipt


@transaction.atomic
def ask_final_question(*, by: User, item: OpenItem, question: Question, asked_on: date) -> FinalQuestion:
    """Write a question down that stands between a final and its payment."""
    require(by, "collections.ask_final_question", item.entity)
    lock(item.customer)
    text = question.text.strip()[:400]
    if not text:
        raise NotAboutAFinal(f"Write what is asked about {item.number}.")
    standing = FinalQuestion.objects.filter(item=item, kind=question.kind, text=text, answered_on=None).first()
    if standing is not None:
        return standing
    due_on = question.due_on or calendar_of(item.entity).add_business_days(asked_on, QUESTION_DAYS)
    if due_on < asked_on:
        raise NotAboutAFinal(f"{due_on:%d %b %Y} is over already; choose a later day.")

    row = FinalQuestion.objects.create(
        entity=item.entity,
        item=item,
        kind=question.kind,
        text=text,
        asked_on=asked_on,
        asked_by=by,
        owner=question.owner or by,
        due_on=due_on,
    )
    audit(by, "final_question.asked", row, entity=item.entity, after={"kind": row.kind, "due_on": due_on}, reason=text)
    return row


@transaction.atomic
def answer_final_question(
    *, by: User, question: FinalQuestion, answer: str, on: date, file: tuple[str, bytes] | None = None
) -> FinalQuestion:
    """Write the answer down, with the document that it came with."""
    require(by, "collections.answer_final_question", question.entity)
    question = (
        FinalQuestion.objects.select_for_update(no_key=True, of=("self",)).select_related("entity").get(pk=question.pk)
    )
    if not question.is_open:
        return question
    if not answer.strip():
        raise NotAboutAFinal("Write the answer.")

    question.answer, question.answered_on, question.answered_by = answer.strip()[:400], on, by
    question.file = store_file(by, question.entity, *file) if file else None
    question.save(update_fields=["answer", "answered_on", "answered_by", "file"])

    audit(by, "final_question.answered", question, entity=question.entity, reason=question.answer)
    return question
