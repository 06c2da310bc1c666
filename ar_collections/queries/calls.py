"""Calls: of a customer, of a day, and those that somebody waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from ar_collections.calls import REACHED, TO_RETURN, UNREACHED
from ar_collections.models import Call
from ar_collections.queries.rules import rules_of
from core.models import LegalEntity, User
from customers.models import Contact, Customer

SHOWN = ("customer", "contact", "agent", "promise", "dispute__item", "returned_by")
MADE = Q(direction="out", taken_back_at=None)
FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class DayCount:
    """Different customers called on a day, those reached, and all attempts."""

    called: int
    reached: int
    attempts: int
    target: int

    @property
    def words(self) -> str:
        """The rest of the figure."""
        return f"of {self.target}, {self.reached} reached, {self.attempts} attempts"

    @property
    def share(self) -> int:
        """Of a hundred customers that should be called, those that were; 100 at most."""
        return min(100 * self.called // self.target, 100)


def day_count(*, entity: LegalEntity, on: date, agent: User | None = None) -> DayCount:
    """A collector's day, or everybody's: a customer counts once, however often they were called."""
    rows = Call.objects.filter(MADE, entity=entity, on=on)
    if agent is not None:
        rows = rows.filter(agent=agent)
    found = rows.aggregate(
        called=Count("customer", distinct=True),
        reached=Count("customer", distinct=True, filter=Q(outcome__in=REACHED)),
        attempts=Count("pk"),
    )
    return DayCount(**found, target=rules_of(entity).daily_target)


def counts_by_agent(*, entity: LegalEntity, on: date) -> list[tuple[str, int, int, int]]:
    """Each collector's day: name, customers called, reached, attempts."""
    rows = Call.objects.filter(MADE, entity=entity, on=on, agent__isnull=False).order_by().values_list("agent__name")
    counted = rows.annotate(
        called=Count("customer", distinct=True),
        reached=Count("customer", distinct=True, filter=Q(outcome__in=REACHED)),
        attempts=Count("pk"),
    )
    return list(counted.order_by("-called", "agent__name"))


def attempts_of(customer: Customer, *, on: date, besides: Call | None = None) -> tuple[int, bool]:
    """How often it was tried in vain on a day, `besides` one call, and whether somebody was reached."""
    rows = Call.objects.filter(MADE, customer=customer, on=on)
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    found = rows.aggregate(
        tried=Count("pk", filter=Q(outcome__in=UNREACHED)), reached=Count("pk", filter=Q(outcome__in=REACHED))
    )
    return found["tried"], found["reached"] > 0


def calls_of(customer: Customer) -> QuerySet[Call]:
    """Every call with a customer, the latest first."""
    return Call.objects.filter(customer=customer).select_related(*SHOWN).order_by("-started_at", "-pk")


def to_return(entity: LegalEntity) -> QuerySet[Call]:
    """Voicemails and missed calls that nobody has answered, the most urgent first."""
    rows = Call.objects.filter(entity=entity, outcome__in=TO_RETURN, returned_by=None, taken_back_at=None)
    return rows.select_related(*SHOWN).order_by("next_on", "started_at", "pk")


@dataclass(frozen=True, slots=True)
class CallQuestion:
    """What a list of calls shows."""

    entity: LegalEntity
    on: date
    view: str = "today"
    query: str = ""
    agent: User | None = None


def call_list(question: CallQuestion, *, by: User) -> QuerySet[Call]:
    """The calls that a question asks for."""
    if question.view == "return":
        rows = to_return(question.entity)
    else:
        rows = Call.objects.filter(entity=question.entity, taken_back_at=None).select_related(*SHOWN)
        if question.view == "open":
            rows = rows.filter(outcome="")
        elif question.view == "today":
            rows = rows.filter(on=question.on)
        rows = rows.order_by("-started_at", "-pk")
    if question.agent is not None:
        rows = rows.filter(agent=question.agent)
    if question.query:
        found = Q(customer__name__icontains=question.query) | Q(customer__code__iexact=question.query)
        rows = rows.filter(found | Q(phone__icontains=question.query) | Q(note__icontains=question.query))
    return rows.visible_to(by)  # type: ignore[attr-defined, no-any-return]


def contact_with_number(entity: LegalEntity, phone: str) -> Contact | None:
    """The contact whose number ends as this one does; none where several customers share it."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    if len(digits) < FEWEST_DIGITS:
        return None
    ending = digits[-9:]
    rows = Contact.objects.filter(customer__entity=entity, is_active=True, search_text__contains=ending)
    found = [each for each in rows.select_related("customer")[:20] if _ends(each.phone, ending)]
    return found[0] if len({each.customer_id for each in found}) == 1 else None


def _ends(phone: str, ending: str) -> bool:
    return "".join(sign for sign in phone if sign.isdigit()).endswith(ending)


def managers_of(entity: LegalEntity) -> Iterable[User]:
    """Who is told of difficult conversations."""
    held = User.objects.filter(
        role_grants__entity=entity, role_grants__role="ar_manager", role_grants__ended_at=None, is_active=True
    )
    return held.distinct().order_by("pk")
