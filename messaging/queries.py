"""What people ask the outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from core.models import LegalEntity
from customers.models import Customer
from messaging.kinds import Kind, kinds
from messaging.models import Message, PrintBatch, TemplateVersion
from messaging.models.messages import key_of
from messaging.shipped import shipped_languages

State = Message.State
TOO_LONG = timedelta(minutes=5)


@dataclass(frozen=True)
class Tab:
    """Some states that people look at together."""

    name: str
    label: str
    states: tuple[str, ...]


TABS = (
    Tab("all", "All", tuple(State)),
    Tab("waiting", "Waiting", (State.QUEUED, State.CLAIMED, State.SENDING)),
    Tab("attention", "Needs you", (State.UNCONFIRMED, State.FAILED, State.BOUNCED)),
    Tab("letters", "Letters to print", (State.TO_PRINT,)),
    Tab("sent", "Sent", (State.SENT,)),
    Tab("held", "Not sent", (State.CANCELLED,)),
)


@dataclass(frozen=True)
class TemplateRow:
    """One kind and language, and the version in force; none while the shipped wording was never used."""

    name: str
    kind: Kind
    language: str
    version: TemplateVersion | None


def outbox(entity: LegalEntity) -> QuerySet[Message]:
    """Every message of an entity, the newest first."""
    return Message.objects.filter(entity=entity).select_related("customer").order_by("-pk")


def found(messages: QuerySet[Message], words: str) -> QuerySet[Message]:
    """Messages about a customer, a document or an address."""
    for word in words.split():
        messages = messages.filter(
            Q(customer__search_text__contains=word.lower())
            | Q(document__icontains=word)
            | Q(subject__icontains=word)
            | Q(to_addresses__icontains=word)
        )
    return messages


def needs_attention() -> Q:
    """What became of these, a person has to look after; a copy that was sent since settles it."""
    settled = Q(resends__isnull=False)
    return Q(state=State.UNCONFIRMED) | Q(state__in=(State.FAILED, State.BOUNCED)) & ~settled


def in_tab(messages: QuerySet[Message], tab: Tab) -> QuerySet[Message]:
    """The messages of a tab."""
    if tab.name == "all":
        return messages
    return messages.filter(needs_attention()) if tab.name == "attention" else messages.filter(state__in=tab.states)


def counts_by_tab(entity: LegalEntity) -> dict[str, int]:
    """How many messages are in each tab where somebody or something still has to act."""
    messages = Message.objects.filter(entity=entity)
    open_states = (*TABS[1].states, State.TO_PRINT)
    by_state = dict(messages.filter(state__in=open_states).values_list("state").annotate(Count("pk")))
    counts = {tab.name: sum(by_state.get(state, 0) for state in tab.states) for tab in (TABS[1], TABS[3])}
    return {**counts, "attention": messages.filter(needs_attention()).count()}


def waiting_too_long(entity: LegalEntity, at: datetime) -> int:
    """Messages whose time came minutes ago: the sender doesn't run, or the mail server doesn't answer."""
    return Message.objects.filter(entity=entity, state=State.QUEUED, not_before__lt=at - TOO_LONG).count()


def letters(entity: LegalEntity) -> QuerySet[Message]:
    """Letters that wait to be printed, in the order in which they were queued."""
    return outbox(entity).filter(state=State.TO_PRINT).order_by("pk")


def posted_letters(entity: LegalEntity) -> QuerySet[Message]:
    """Letters that were posted, the latest first, to be printed again."""
    rows = Message.objects.filter(entity=entity, state=State.SENT, channel=Message.Channel.PRINT)
    return rows.select_related("customer").order_by("-sent_at", "-pk")


def print_batches(entity: LegalEntity) -> QuerySet[PrintBatch]:
    """Files of letters, the latest first, with how many of each are not posted yet."""
    waiting = Count("letters", filter=Q(letters__state=State.TO_PRINT))
    rows = PrintBatch.objects.filter(entity=entity).annotate(count=Count("letters"), waiting=waiting)
    return rows.select_related("entity", "run", "file", "made_by").order_by("-pk")


def message_queued(customer: Customer, kind: str, key: str) -> Message | None:
    """The message of a key, if it was queued before."""
    return Message.objects.filter(entity=customer.entity, key=key_of(customer, kind, key)).first()


def messages_of(customer: Customer) -> QuerySet[Message]:
    """Every message to a customer, the newest first."""
    return Message.objects.filter(customer=customer).order_by("-pk")


def template_rows(entity: LegalEntity) -> list[TemplateRow]:
    """Every kind in every language that there is a wording for."""
    versions = TemplateVersion.objects.filter(template__entity=entity).select_related("template", "changed_by")
    latest = {
        (version.template.kind, version.template.language): version
        for version in versions.order_by("template_id", "-number").distinct("template_id")
    }
    return [
        TemplateRow(name, kind, language, latest.get((name, language)))
        for name, kind in kinds().items()
        for language in sorted({*shipped_languages(name), *(spoken for known, spoken in latest if known == name)})
    ]
