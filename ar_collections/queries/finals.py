"""Every final of a month, or of all months that are not paid, with what was done for it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from ar_collections.calls import REACHED
from ar_collections.finals import (
    MONTHS_SHOWN,
    Contact,
    Facts,
    Task,
    contacts_of,
    months_from,
    next_task,
    starts_on,
)
from ar_collections.models import Call, FinalQuestion, FinalReceipt, NoticeLine, SuspensionItem
from ar_collections.sources import FinalDocument, sources
from core.calendars import calendar_of
from core.models import LegalEntity
from core.money import Money
from ledger.models import OpenItem
from messaging.models import Message

MONTHS_BACK = 6
"""Finals of this many months back, and of this one, stand in the list; older ones that are not paid under a filter."""
ON_THEIR_WAY = (Message.State.SENT, Message.State.TO_PRINT, Message.State.QUEUED, Message.State.CLAIMED)


@dataclass(frozen=True)
class FinalRow:
    """A final with all that a list shows of it."""

    item: OpenItem
    month_on: date
    left_on: date
    facts: Facts
    task: Task
    receipt: FinalReceipt | None
    questions: Sequence[FinalQuestion]
    case: int | None

    @property
    def money(self) -> Money:
        """What is open of it."""
        return Money(self.item.open_amount, self.item.currency)

    @property
    def contacts(self) -> list[Contact]:
        """The first contact, and those after the due date."""
        return contacts_of(self.facts)

    @property
    def open_questions(self) -> list[FinalQuestion]:
        """What nobody has answered."""
        return [question for question in self.questions if question.is_open]


@dataclass(frozen=True, slots=True)
class FinalsMonth:
    """A month of the calendar: when its finals are contacted, and whether that is because they were declared."""

    month_on: date
    starts_on: date
    declared_on: date | None


def finals_calendar(entity: LegalEntity, today: date, months: int = MONTHS_SHOWN) -> list[FinalsMonth]:
    """When everybody is contacted, from the month before this one on."""
    calendar, shown = calendar_of(entity), months_from(today, months)
    declared = declared_months(entity, shown)
    return [FinalsMonth(each, starts_on(calendar, each, declared.get(each)), declared.get(each)) for each in shown]


def declared_months(entity: LegalEntity, months: Sequence[date]) -> dict[date, date]:
    """By month, when its final billing was declared complete."""
    return {month: on for source in sources() for month, on in source.finals_declared(entity, months).items()}


def finals_of_month(entity: LegalEntity, month_on: date, *, today: date) -> list[FinalRow]:
    """The finals of one month, what is to be done first in front."""
    return _rows(entity, _documents(entity, month_on, month_on), today)


def unpaid_finals(entity: LegalEntity, *, today: date) -> list[FinalRow]:
    """Finals that are not paid, however old, what is to be done first in front."""
    owing = OpenItem.objects.filter(entity=entity, side=OpenItem.Side.DEBIT, open_amount__gt=0)
    customers = list(owing.order_by().values_list("customer", flat=True).distinct())
    rows = _rows(entity, _documents(entity, date.min, today.replace(day=1), customers), today)
    return [row for row in rows if row.facts.is_open]


def final_row(item: OpenItem, *, today: date) -> FinalRow | None:
    """One final, whenever its customer left; None where the document is no final."""
    found = _documents(item.entity, date.min, today.replace(day=1), [item.customer_id])
    rows = _rows(item.entity, [each for each in found if each.item == item.pk], today)
    return rows[0] if rows else None


def months_back(today: date, count: int = MONTHS_BACK) -> date:
    """The first of the month so many months ago."""
    year, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return date(year, month + 1, 1)


def _documents(
    entity: LegalEntity, first_on: date, last_on: date, customers: Sequence[int] | None = None
) -> list[FinalDocument]:
    return [each for source in sources() for each in source.finals(entity, first_on, last_on, customers)]


def _rows(entity: LegalEntity, documents: Iterable[FinalDocument], today: date) -> list[FinalRow]:
    told = {each.item: (each.month_on, each.left_on) for each in documents}
    questions = Prefetch("final_questions", FinalQuestion.objects.select_related("owner", "answered_by", "file"))
    items = OpenItem.objects.filter(pk__in=told, entity=entity).select_related("customer").prefetch_related(questions)
    calls, mails = _calls({item.customer_id for item in items}), _mails(list(told))
    receipts, cases = _receipts(list(told)), _cases(list(told))
    calendar, declared = calendar_of(entity), declared_months(entity, sorted({month for month, _ in told.values()}))
    found = []
    for item in items:
        month, left_on = told[item.pk]
        receipt, asked = receipts.get(item.pk), list(item.final_questions.all())
        facts = Facts(
            due_on=item.due_on,
            is_open=item.open_amount > 0,
            starts_on=starts_on(calendar, month, declared.get(month)),
            calls=calls[item.customer_id],
            mails=mails[item.pk],
            received=receipt.arrived if receipt else None,
            open_questions=sum(question.is_open for question in asked),
            has_case=item.pk in cases,
        )
        task = next_task(facts, today)
        found.append(FinalRow(item, month, left_on, facts, task, receipt, asked, cases.get(item.pk)))
    order = {task: place for place, task in enumerate(URGENT_FIRST)}
    return sorted(found, key=lambda row: (order[row.task], row.item.due_on, row.item.customer.name, row.item.pk))


URGENT_FIRST = (
    Task.SUSPEND, Task.CALL_AGAIN, Task.MAIL_AGAIN, Task.ANSWER, Task.CALL, Task.MAIL, Task.ASK, Task.WAIT, Task.SOON,
    Task.DONE,
)  # fmt: skip


def _calls(customers: set[int]) -> dict[int, list[date]]:
    """Days on which somebody was spoken to; trying in vain is no contact."""
    rows = Call.objects.filter(customer__in=customers, outcome__in=REACHED, taken_back_at=None)
    found: dict[int, list[date]] = defaultdict(list)
    for customer, on in rows.order_by("on").values_list("customer_id", "on"):
        found[customer or 0].append(on)
    return found


def _mails(items: Sequence[int]) -> dict[int, list[date]]:
    """Days on which a notice that names the final was written and not held back."""
    rows = NoticeLine.objects.filter(item__in=items, fell_out="", notice__message__state__in=ON_THEIR_WAY)
    found: dict[int, list[date]] = defaultdict(list)
    for item, on in rows.order_by("notice__decided_on").values_list("item_id", "notice__decided_on"):
        found[item].append(on)
    return found


def _receipts(items: Sequence[int]) -> dict[int, FinalReceipt]:
    rows = FinalReceipt.objects.filter(item__in=items).select_related("item", "written_by").order_by("item_id", "-pk")
    return {receipt.item_id: receipt for receipt in rows.distinct("item_id")}


def _cases(items: Sequence[int]) -> dict[int, int]:
    rows = SuspensionItem.objects.filter(item__in=items, case__ended_on=None)
    return dict(rows.order_by().values_list("item_id", "case_id"))
