"""What a notice says: every item that it asks for, how much of it, until when an answer is awaited, and how to pay."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from ar_collections.actions.checking import check_letter, check_notice
from ar_collections.models import DunningNotice
from ar_collections.queries.asked import asked_lines, day_of_message
from ar_collections.queries.hours import hours_by_customer
from ar_collections.queries.late_interest import late_claims
from core import clock
from core.calendars import calendar_of
from core.models import BankAccount, LegalEntity, StoredFile
from core.money import ZERO, Money, money
from core.papers import accounts_to_pay_into, in_groups
from core.permissions import system_user
from messaging.kinds import Context, Kind
from messaging.models import Message
from messaging.papers import letter_of

ANSWER_WITHIN = 5
"""Business days that a customer has to answer."""
NOTICE_DAYS = 14
"""Calendar days where something follows that has to be announced: the window of a suspension."""


class NoticeMessage(Kind):
    """A notice on its way to the customer. It is asked once more at the second of sending."""

    announces: ClassVar[bool] = False
    claims_interest: ClassVar[bool] = False
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "",
        "items": [
            {"number": "INV-24119", "due_on": date(2026, 9, 28), "days": 53, "amount": money("7,890.00 GBP"),
             "order": "PO 87991"},
        ],
        "totals": [{"amount": money("7,890.00 GBP"), "pay_into": "Barclays, 20-13-42, 40211870"}],
        "answer_by": date(2026, 11, 27),
        "late_charges": [{"interest": money("134.62 GBP"), "compensation": money("70.00 GBP")}],
        "reference": "RF41 C104 20",
        "phone": "+44 117 496 0000",
    }  # fmt: skip

    def still_true(self, message: Message) -> str | None:
        """Paid or on its way, promised, disputed, held, too late in the day: then it doesn't leave, or says less."""
        return check_notice(by=system_user(), message=message, at=clock.now()) or None

    def context(self, message: Message) -> Context:
        """What is left to ask for, as it was found when it was last checked."""
        notice = DunningNotice.objects.select_related("entity", "customer").get(pk=message.context["notice"])
        on = day_of_message(message, notice, clock.now())
        accounts, sums = accounts_to_pay_into(notice.entity), dict[str, Decimal]()
        items: list[dict[str, str | int | date | Money]] = []
        for line, asked in asked_lines(notice, message, on):
            sums[line.currency] = sums.get(line.currency, ZERO) + asked
            items.append(
                {
                    "number": line.item.number,
                    "due_on": line.item.due_on,
                    "days": max((on - line.item.due_on).days, 0),
                    "amount": Money(asked, line.currency),
                    "order": line.item.purchase_order,
                }
            )
        return {
            "items": items,
            "totals": [
                {"amount": Money(total, currency), "pay_into": _in_words(accounts.get(currency))}
                for currency, total in sorted(sums.items())
            ],
            "answer_by": self._answer_by(notice.entity, on),
            "late_charges": _late_charges(notice) if self.claims_interest else [],
            "reference": in_groups(notice.customer.payment_reference),
            "phone": notice.entity.phone,
        }

    def still_true_on_paper(self, message: Message) -> str | None:
        """A letter is right as it was written, or it is not printed."""
        return check_letter(by=system_user(), message=message, at=clock.now()) or None

    def may_leave_from(self, message: Message, at: datetime) -> datetime:
        """In the customer's next working hours."""
        customer = message.about
        return hours_by_customer(customer.entity, [customer])[customer.pk].next_working(at)

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """The letter itself, where it goes by post."""
        return letter_of(message, self.context(message))

    def _answer_by(self, entity: LegalEntity, on: date) -> date:
        calendar = calendar_of(entity)
        if self.announces:
            return calendar.roll_forward(on + timedelta(days=NOTICE_DAYS))
        return calendar.add_business_days(on, ANSWER_WITHIN)


class PreDue(NoticeMessage):
    """Before anything is due."""

    label = "Reminder before the due date"


class Received(NoticeMessage):
    """Whether a final invoice arrived."""

    label = "Did the invoice arrive?"


class Due(NoticeMessage):
    """Just due."""

    label = "Payment is due"


class FirstReminder(NoticeMessage):
    """Friendly."""

    label = "First reminder"


class SecondReminder(NoticeMessage):
    """Firm."""

    label = "Second reminder"


class NoticeOfSuspension(NoticeMessage):
    """Formal."""

    label = "Notice of suspension"
    announces = True


class FinalDemand(NoticeMessage):
    """The last one before lawyers."""

    label = "Final demand"
    announces = True
    claims_interest = True


class LetterBeforeAction(NoticeMessage):
    """The one that the law asks for before a claim."""

    label = "Letter before action"
    announces = True
    claims_interest = True


def _late_charges(notice: DunningNotice) -> list[dict[str, str | int | date | Money]]:
    """What has accrued on what is asked for, and was neither charged nor waived, per currency."""
    items = list(notice.lines.filter(fell_out="").values_list("item_id", flat=True))
    claims = late_claims(notice.customer, items, as_of=notice.decided_on)
    return [{"interest": interest, "compensation": compensation} for interest, compensation in claims]


def _in_words(account: BankAccount | None) -> str:
    if account is None:
        return ""
    number = account.iban and in_groups(account.iban.replace(" ", "")) or account.account_number
    parts = (account.bank_name, account.sort_code if not account.iban else "", number, account.bic)
    return ", ".join(part for part in parts if part)
