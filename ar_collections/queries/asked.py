"""What may be asked for now: by the text of a notice or its copy, by the mail after three calls, by a reminder of a
promise."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ar_collections.ladder import stop_of
from ar_collections.models import DunningNotice, NoticeLine, PromiseInstalment, PromiseItem
from ar_collections.queries.cases import house_of, load_cases
from ar_collections.queries.disputes import disputed_amounts, undisputed
from ar_collections.queries.promises import judgements
from core.money import ZERO, Money
from customers.models import Customer
from messaging.models import Message


def day_of_message(message: Message, notice: DunningNotice, at: datetime) -> date:
    """The day for which a message speaks: its notice's; a copy speaks for the day on which it leaves."""
    return notice.decided_on if message.resend_of_id is None else at.astimezone(notice.entity.zone).date()


def asked_lines(notice: DunningNotice, message: Message, on: date) -> list[tuple[NoticeLine, Decimal]]:
    """Each line with what is asked for it. A copy asks for what is true on its day."""
    rows = notice.lines.filter(fell_out="", item__open_amount__gt=0).select_related("item")
    lines = list(rows.order_by("item__due_on", "item__number"))
    if message.resend_of_id is None:
        return [(line, min(line.asked, line.item.open_amount)) for line in lines]
    case = next(load_cases(house_of(notice.entity), [notice.customer_id], on=on), None)
    left = {item.key: item.left for item in case.items if stop_of(item, case.party) is None} if case else {}
    return [(line, left[line.item_id]) for line in lines if line.item_id in left]


def overdue_to_ask(customer: Customer, on: date) -> list[Money]:
    """What is past due and may be asked for, per currency: less what is contested, promised, planned or on its way."""
    case = next(load_cases(house_of(customer.entity), [customer.pk], on=on), None)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for item in case.items if case else ():
        if item.due_on < on and case and stop_of(item, case.party) is None:
            sums[case.facts[item.key].currency] += item.left
    return [Money(amount, currency) for currency, amount in sorted(sums.items())]


@dataclass(frozen=True, slots=True)
class Expected:
    """What an instalment of a promise still brings, and of which documents, apart from what is contested meanwhile."""

    amount: Decimal
    parts: Sequence[tuple[PromiseItem, Decimal]]
    is_contested: bool


def expected_of(instalment: PromiseInstalment, as_of: date) -> Expected:
    """What is awaited for the day of an instalment; nothing where it came, or where all that is left is contested."""
    promise = instalment.promise
    parts = list(promise.items.select_related("item").order_by("pk"))
    disputed = disputed_amounts([part.item_id for part in parts], as_of=as_of)
    free = [(part, min(part.amount, undisputed(part.item.open_amount, disputed.get(part.item_id)))) for part in parts]
    until = sum((each.amount for each in promise.instalments.filter(number__lte=instalment.number)), ZERO)
    left = until - judgements([promise], as_of=as_of)[promise.pk].received
    amount = max(min(left, sum((amount for _, amount in free), ZERO)), ZERO)
    return Expected(amount, [(part, amount) for part, amount in free if amount], left > amount)
