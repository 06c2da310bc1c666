"""How far a document has come on its way to the customer, worked out of what happened and never stored.

What the customer did counts most, then what a person did in the customer's portal or says about it, then what became of
the newest message. Who opens a document has received it, whatever another address did.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from core.models import LegalEntity
from customers.models import Customer
from invoicing.models import CreditNote, Document, Invoice, LinkAccess, OtherDelivery, UploadTask
from messaging.models import Message
from messaging.queries import needs_attention

AnyDocument = TypeVar("AnyDocument", bound=Document)
State = Message.State
Delivery = Customer.Delivery
UNSENT_WITHIN = timedelta(days=90)
MOST = 1000
STATES = [
    ("none", "Not sent"),
    ("queued", "Queued"),
    ("to_print", "To print"),
    ("to_upload", "To upload"),
    ("sent", "Sent"),
    ("printed", "Posted"),
    ("uploaded", "Uploaded"),
    ("otherwise", "Delivered otherwise"),
    ("opened", "Opened"),
    ("downloaded", "Downloaded"),
    ("bounced", "Bounced"),
    ("failed", "Not delivered"),
]
NAMES = dict(STATES)
TONES = {
    "none": "warn",
    "to_upload": "warn",
    "printed": "ok",
    "uploaded": "ok",
    "otherwise": "ok",
    "opened": "ok",
    "downloaded": "ok",
    "bounced": "bad",
    "failed": "bad",
}
TROUBLE = {"bounced": (State.BOUNCED,), "failed": (State.FAILED, State.UNCONFIRMED, State.CANCELLED)}
OF_MESSAGES = Case(
    When(state=State.SENT, channel=Message.Channel.PRINT, then=Value("printed")),
    When(state=State.SENT, then=Value("sent")),
    When(state=State.TO_PRINT, then=Value("to_print")),
    When(state=State.BOUNCED, then=Value("bounced")),
    When(state__in=TROUBLE["failed"], then=Value("failed")),
    default=Value("queued"),
    output_field=CharField(),
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A state in words, and how it looks."""

    name: str

    @property
    def label(self) -> str:
        """For people."""
        return NAMES[self.name]

    @property
    def tone(self) -> str:
        """Whether it is good."""
        return TONES.get(self.name, "")


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A document that reached nobody: its message came back or failed, or there is none."""

    document: Document
    message: Message | None
    since: datetime | None

    @property
    def reason(self) -> str:
        """Why, in a sentence."""
        if self.message is None:
            return "It was issued without being sent."
        return self.message.reason or self.message.get_state_display()

    @property
    def kind(self) -> str:
        """Which page shows it."""
        return "invoice" if isinstance(self.document, Invoice) else "credit_note"

    @property
    def tick(self) -> str:
        """What its tick sends."""
        return f"{self.kind}-{self.document.pk}"


def deliveries_of(documents: Iterable[AnyDocument]) -> dict[int, Delivered]:
    """By document, how far each has come: one statement for a page of a list."""
    rows = [document for document in documents if document.is_issued]
    if not rows:
        return {}
    found = _told(_all(type(rows[0])).filter(pk__in=[row.pk for row in rows]))
    return {pk: Delivered(name) for pk, name in found.order_by().values_list("pk", "delivery")}


def in_delivery(rows: QuerySet[AnyDocument], entity: LegalEntity, state: str) -> QuerySet[AnyDocument]:
    """Issued documents that stand at a state."""
    if states := TROUBLE.get(state):
        stuck = Message.objects.filter(entity=entity, kind=_kind(rows.model), state__in=states)
        rows = rows.filter(number__in=stuck.values("document"))
    return _told(rows.filter(number__isnull=False)).filter(delivery=state)


def undelivered(entity: LegalEntity, as_of: date) -> list[Undelivered]:
    """Every document that reached nobody and that nobody has sent again: first what went wrong, then what
    was never sent, each the longest first."""
    found = [*_stuck(entity), *_unsent(entity, Invoice, as_of), *_unsent(entity, CreditNote, as_of)]
    return sorted(found, key=_first_in_trouble)[:MOST]


def _first_in_trouble(one: Undelivered) -> tuple[bool, date, int]:
    return (one.message is None, one.document.issued_on or date.max, one.document.pk)


def _stuck(entity: LegalEntity) -> list[Undelivered]:
    kinds: dict[str, type[Invoice] | type[CreditNote]] = {"invoice": Invoice, "credit_note": CreditNote}
    rows = Message.objects.filter(needs_attention(), entity=entity, kind__in=list(kinds))
    messages = {(one.kind, one.document): one for one in rows.select_related("customer").order_by("pk")[:MOST]}
    found: list[Undelivered] = []
    for name, kind in kinds.items():
        numbers = [number for known, number in messages if known == name]
        documents = _all(kind).filter(entity=entity, number__in=numbers).select_related("customer")
        documents = documents.exclude(Exists(other_deliveries(kind)))
        for document in documents:
            message = messages[name, document.number or ""]
            found.append(Undelivered(document, message, message.queued_at))
    return found


def _unsent(entity: LegalEntity, kind: type[AnyDocument], as_of: date) -> Sequence[Undelivered]:
    rows = _all(kind).filter(entity=entity, issued_on__gt=as_of - UNSENT_WITHIN, issued_on__lte=as_of)
    rows = rows.filter(number__isnull=False, is_imported=False).exclude(customer__delivery=Delivery.PORTAL)
    rows = rows.exclude(Exists(_messages(kind))).exclude(Exists(other_deliveries(kind)))
    unsent = rows.select_related("customer").order_by("issued_on", "pk")
    return [Undelivered(document, None, None) for document in unsent[:MOST]]


def _told(rows: QuerySet[AnyDocument]) -> QuerySet[AnyDocument]:
    """Each with its state, as `delivery`."""
    opened = {"link__invoice": OuterRef("pk"), "credit_note": None}
    used = LinkAccess.objects.filter(by=None, **(opened if rows.model is Invoice else {"credit_note": OuterRef("pk")}))
    whens = [
        When(Exists(used.filter(kind__in=("pdf", "xml"))), then=Value("downloaded")),
        When(Exists(used.filter(kind="opened")), then=Value("opened")),
    ]
    about = {_kind(rows.model): OuterRef("pk")}
    uploads = UploadTask.objects.filter(**about)
    newest = _messages(rows.model).order_by("-pk").annotate(told=OF_MESSAGES).values("told")[:1]
    whens += [
        When(Exists(uploads.filter(state=UploadTask.State.DONE)), then=Value("uploaded")),
        When(Exists(other_deliveries(rows.model)), then=Value("otherwise")),
        When(Exists(uploads.filter(state=UploadTask.State.OPEN)), then=Value("to_upload")),
        When(Exists(_messages(rows.model)), then=Subquery(newest)),
    ]
    told = rows.annotate(delivery=Case(*whens, default=Value("none"), output_field=CharField()))
    return cast(QuerySet[AnyDocument], told)


def other_deliveries(kind: type[Document]) -> QuerySet[OtherDelivery]:
    """What people recorded of a document in an outer query, and did not take back."""
    return OtherDelivery.objects.filter(ended_at=None, **{_kind(kind): OuterRef("pk")})


def _messages(kind: type[Document]) -> QuerySet[Message]:
    about = Q(entity=OuterRef("entity"), document=OuterRef("number"), kind=_kind(kind))
    return Message.objects.filter(about)


def _kind(kind: type[Document]) -> str:
    return "invoice" if kind is Invoice else "credit_note"


def _all(kind: type[AnyDocument]) -> QuerySet[AnyDocument]:
    return cast(QuerySet[AnyDocument], kind.objects.all())
