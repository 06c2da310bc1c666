"""Words of the statement's page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ar_collections.models import CollectionRules, WorklistEntry
from ar_collections.plans import Standing, State
from ar_collections.promises import Outcome
from ar_collections.queries.worklist import Beside, Touch
from ar_collections.rules import Rules
from ar_collections.statements import CurrencyStatement, Item, Posting, undoes
from ar_collections.worklist import AGES, Tier
from core.currencies import currency_name
from core.models import LegalEntity
from core.money import ZERO
from core.templatetags.o2c import pill
from core.words import amount_in_words, day
from ledger.ageing import AgeingBucket, AgeingRow
from ledger.models import OpenItem
from messaging.models import Message
from messaging.recipients import Recipients

register = template.Library()

PROMISE_TONES = {
    Outcome.OPEN: ("info", "clock"),
    Outcome.KEPT: ("ok", "circle-check"),
    Outcome.LATE: ("warn", "circle-check"),
    Outcome.PARTLY: ("warn", "circle-alert"),
    Outcome.BROKEN: ("bad", "circle-x"),
    Outcome.SETTLED: ("", "minus"),
    Outcome.WITHDRAWN: ("", "undo-2"),
    Outcome.REPLACED: ("", "repeat"),
}
PLAN_TONES = {
    State.PROPOSED: ("warn", "clock"),
    State.ACTIVE: ("info", "calendar-check"),
    State.COMPLETED: ("ok", "circle-check"),
    State.DEFAULTED: ("bad", "circle-x"),
    State.CANCELLED: ("", "undo-2"),
}
TIER_TONES = {
    Tier.BROKEN: ("bad", "circle-x"),
    Tier.FINAL: ("bad", "flag"),
    Tier.RECURRING: ("bad", "triangle-alert"),
    Tier.OVER_31: ("warn", "clock"),
    Tier.WINDOW: ("warn", "calendar-clock"),
    Tier.REST: ("", "clock"),
    Tier.WAITING: ("info", "pause"),
}
TITLES = {
    Tier.BROKEN: "Promise broken",
    Tier.FINAL: "Final overdue",
    Tier.RECURRING: "2+ months unpaid",
    Tier.OVER_31: "Over 31 days",
    Tier.WINDOW: "5–15 days over",
    Tier.REST: "Overdue",
    Tier.WAITING: "Waits",
}
STANDING_TONES = {
    Standing.OPEN: ("", "clock"),
    Standing.PAID: ("ok", "circle-check"),
    Standing.LATE: ("warn", "circle-alert"),
    Standing.CURE: ("bad", "triangle-alert"),
    Standing.FAILED: ("bad", "circle-x"),
}


@register.filter
def kind_words(item: Item | Posting) -> str:
    """Invoice, receipt, and so on; one that stands on the other side undoes such a document."""
    label = str(OpenItem.Kind(item.kind).label)
    return f"{label}, reversed" if undoes(item.kind, item.amount) else label


@register.filter
def bucket_words(bucket: AgeingBucket) -> str:
    """Not due, 1–30, 91+."""
    return "Not due" if bucket.first is None else bucket.label.replace("-", "–")


@register.filter
def ages_in_words(part: CurrencyStatement) -> str:
    """The ageing bar for people who don't see it."""
    said = (
        f"{bucket_words(bucket)} {amount_in_words(amount, part.currency, decimals=True)}"
        for bucket, amount in part.by_age
    )
    return ", ".join(said)


@register.filter
def since_words(starts_on: date) -> str:
    """The title of the movements."""
    return f"Movements since {day(starts_on, 'full')}"


@register.filter
def currency_words(code: str) -> str:
    """Pounds sterling (GBP)."""
    return f"{currency_name(code)} ({code})"


@register.filter
def in_words(recipients: Recipients) -> str:
    """Whom a message goes to."""
    if recipients.channel == Message.Channel.PRINT:
        return "the print queue"
    if not recipients.to:
        return "nobody yet"
    return recipients.name or (recipients.to[0] if len(recipients.to) == 1 else f"{len(recipients.to)} contacts")


@register.simple_tag
def promise_pill(outcome: str) -> SafeString:
    """What became of a promise or of one of its payments."""
    tone, drawing = PROMISE_TONES[Outcome(outcome)]
    return pill(Outcome(outcome).label, tone, drawing)


@register.simple_tag
def plan_pill(state: str) -> SafeString:
    """Where a payment plan stands."""
    tone, drawing = PLAN_TONES[State(state)]
    return pill(State(state).label, tone, drawing)


@register.simple_tag
def standing_pill(standing: str) -> SafeString:
    """Where one of its instalments stands."""
    tone, drawing = STANDING_TONES[Standing(standing)]
    return pill(Standing(standing).label, tone, drawing)


@register.simple_tag(takes_context=True)
def page_with(context: template.Context, **changed: Any) -> str:
    """This address with some of its parameters changed, from its first page on."""
    url: str = context["page"].url(page=None, **changed)
    return url


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """What a row of the worklist says beside its figures."""

    title: str
    detail: str
    tone: str
    icon: str
    ages: tuple[Decimal, ...]
    ages_in_words: str
    collector: str
    touch: Touch | None


@register.simple_tag
def worklist_row(row: WorklistEntry, beside: Beside, entity: LegalEntity, today: date) -> WorklistLine:
    """Why a customer stands where they stand: who waits for a call first, then the policy's tier."""
    currency = entity.currency
    title, detail, tone, icon = TITLES[Tier(row.tier)], _detail(row, currency), *TIER_TONES[Tier(row.tier)]
    if (call := beside.callbacks.get(row.pk)) is not None:
        title, tone, icon = call.next_step, "info", "phone"
        detail = f"{call.get_outcome_display()}, {call.started_at.astimezone(entity.zone):%d %b %H:%M}"
    elif (until := beside.snoozed.get(row.pk)) is not None:
        title, tone, icon = f"Put off until {day(until, 'weekday')}", "", "clock"
    free = tuple(row.ages[:4])
    words = ", ".join(f"{name} {_whole(amount, currency)}" for name, amount in zip(AGES, free, strict=True))
    return WorklistLine(
        title, detail, tone, icon, (row.ages[4], *free), words, beside.collectors.get(row.pk, ""),
        beside.touches.get(row.pk),
    )  # fmt: skip


def _whole(amount: Decimal, currency: str) -> str:
    return amount_in_words(amount, currency, decimals=False)


def _detail(row: WorklistEntry, currency: str) -> str:
    if row.tier == Tier.BROKEN and row.broken_on:
        return f"{_whole(row.broken, currency)}, told {day(row.broken_on)}"
    said = {
        Tier.FINAL: f"{_whole(row.finals, currency)} of finals",
        Tier.RECURRING: f"{row.months} months unpaid",
        Tier.OVER_31: f"{_whole(row.over_31, currency)} over 31 days",
        Tier.WINDOW: f"{_whole(row.window, currency)} in the window",
        Tier.WAITING: f"{_whole(row.held, currency)} held back",
    }
    return said.get(Tier(row.tier), f"{_whole(row.at_risk, currency)} at risk")


@register.filter
def overdue_of(row: AgeingRow) -> Decimal:
    """What of a balance is past its day."""
    return sum(row.amounts[1:], ZERO)


@register.simple_tag
def rules_in_words(rules: Rules | CollectionRules) -> SafeString:
    """Every figure of the rules, with what it is about."""
    risks = ", ".join(f"{share * 100:.0f}% {age}" for share, age in zip(Rules.of(rules).risks, AGES, strict=True))
    facts = (
        ("Grace", f"{rules.grace_days} business day{'' if rules.grace_days == 1 else 's'}"),
        ("Kept from", f"{rules.kept_from * 100:.1f}% of the amount"),
        ("Promises in a row", f"{rules.most_in_a_row}, then a manager’s"),
        ("Latest", f"{rules.latest_after_due} days after the due date, or within {rules.soon_days} days"),
        ("Calls", f"{rules.daily_target} customers a day"),
        ("At risk", risks),
    )
    return format_html('<dl class="facts">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", facts))
