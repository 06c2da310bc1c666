"""Escalations, and the figures of the page that a manager reads."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet

from ar_collections.calls import REACHED, CallOutcome
from ar_collections.escalation import Figures, Summary, recommend
from ar_collections.models import Call, DunningHold, Escalation, LegalHandover, Promise, SuspensionCase, SuspensionItem
from ar_collections.queries.answering import ANSWER, stand_ins
from ar_collections.queries.case_facts import Known, known_of
from ar_collections.queries.disputes import disputed_of_customer
from ar_collections.queries.history import happened
from ar_collections.suspension import STOPPED, Ending
from core.models import LegalEntity, Run, User
from core.money import ZERO, round_to_currency
from core.permissions import people_who_may
from core.words import amount_in_words, day
from customers.models import Customer
from ledger.models import OpenItem

LEGAL_PACK = "legal_pack"
DOCUMENTS, HISTORY = 8, 8
LATELY, YEAR = timedelta(days=90), timedelta(days=365)
SHOWN = ("customer", "entity", "asked", "raised_by", "answered_by", "summary")


@dataclass(frozen=True, slots=True)
class EscalationQuestion:
    """What a list of escalations shows."""

    entity: LegalEntity
    view: str = "open"
    query: str = ""


def escalation_list(question: EscalationQuestion, *, by: User) -> QuerySet[Escalation]:
    """Open ones by their day, others the newest first."""
    rows = Escalation.objects.visible_to(by).filter(entity=question.entity).select_related(*SHOWN, "handover__pack")
    if question.view == "open":
        rows = rows.filter(answered_on=None)
    elif question.view == "mine":
        rows = rows.filter(answered_on=None).filter(_for(question.entity, by))
    elif question.view == "legal":
        rows = rows.filter(decision="legal")
    if question.query:
        rows = rows.filter(Q(customer__name__icontains=question.query) | Q(customer__code__iexact=question.query))
    return rows.order_by("-answered_on", "answer_by", "-pk")


def _for(entity: LegalEntity, by: User) -> Q:
    """Those of which a person is asked, and those of colleagues who left where the person answers for them."""
    own = Q(asked=by)
    if by in stand_ins(entity):
        own |= ~Q(asked__in=people_who_may(ANSWER, entity).values("pk")) & ~Q(raised_by=by)
    return own


def escalations_of(customer: Customer) -> QuerySet[Escalation]:
    """Every escalation of a customer, the newest first."""
    return Escalation.objects.filter(customer=customer).select_related(*SHOWN, "handover__pack").order_by("-pk")


def handover_of(escalation: Escalation) -> LegalHandover | None:
    """The hand-over that followed."""
    return LegalHandover.objects.filter(escalation=escalation).select_related("pack", "handed_by", "hold").first()


def handover_run(escalation: Escalation) -> Run | None:
    """The run that puts the pack for lawyers together, or did; none where somebody stopped it."""
    rows = Run.objects.filter(entity=escalation.entity_id, kind=LEGAL_PACK, parameters__escalation=escalation.pk)
    return rows.exclude(state=Run.State.CANCELLED).select_related("entity", "started_by").first()


def to_remind(entity: LegalEntity, today: date) -> QuerySet[Escalation]:
    """Escalations whose day has come and that nobody has answered."""
    return Escalation.objects.filter(entity=entity, answered_on=None, answer_by__lte=today).select_related(*SHOWN)


# The page ------------------------------------------------------------------------------------------------------------


def summary_of(customer: Customer, *, on: date) -> Summary:
    """What a manager has to know of a customer on a day, on one page."""
    known = known_of(customer.entity, [customer.pk], on)
    figures = _figures(customer, known, on)
    late = [each for each in known.items.get(customer.pk, ()) if each.due_on < on]
    documents = [
        [
            each.number,
            day(each.due_on, "full"),
            f"{(on - each.due_on).days} d",
            amount_in_words(each.open, each.currency, decimals=True),
            "; ".join(str(stop) for stop in known.stops.get(each.key, ())),
        ]
        for each in late[:DOCUMENTS]
    ]
    history = [[day(on, "full"), what, who] for on, what, who in happened(customer, on, most=HISTORY)]
    return Summary(_facts(customer, known, figures, on), documents, history, recommend(figures))


def _figures(customer: Customer, known: Known, on: date) -> Figures:
    items = known.items.get(customer.pk, ())
    held = bool(known.customer_stops.get(customer.pk))
    late = [each for each in items if each.due_on < on]
    free, disputed, own = ZERO, ZERO, _holds_of_its_case(customer)
    for each in late:
        stops = [stop for stop in known.stops.get(each.key, ()) if (each.key, stop.words) not in own]
        share = each.base_open / each.open
        amounts = [each.open if stop.amount is None else stop.amount for stop in stops]
        disputed += sum((stop.amount or ZERO for stop in stops if stop.reason == "disputed"), ZERO) * share
        free += ZERO if held else max(each.open - sum(amounts, ZERO), ZERO) * share
    cases = SuspensionCase.objects.filter(customer=customer)
    calls = Call.objects.filter(customer=customer, on__gte=on - LATELY, taken_back_at=None)
    return Figures(
        overdue=sum((each.base_open for each in late), ZERO),
        free=free,
        disputed=disputed,
        oldest_days=max(((on - each.due_on).days for each in late), default=0),
        broken=_promises(customer, on)["broken"],
        cannot_pay=calls.filter(outcome=CallOutcome.CANNOT_PAY).exists(),
        is_insolvent=_is_insolvent(customer, on),
        was_suspended=cases.filter(Q(stage__in=STOPPED) | Q(ending__in=(Ending.RESTORED, Ending.TERMINATED))).exists(),
        has_case=cases.filter(ended_on=None).exists(),
    )


def _holds_of_its_case(customer: Customer) -> set[tuple[int, str]]:
    """Documents whose reminders wait only because a suspension goes on: that is no reason to wait with it."""
    parts = SuspensionItem.objects.filter(case__customer=customer, case__ended_on=None).select_related("hold")
    return {(part.item_id, str(part.hold)) for part in parts}


def _facts(customer: Customer, known: Known, found: Figures, on: date) -> list[tuple[str, str]]:
    currency = customer.entity.currency
    items = known.items.get(customer.pk, ())
    told = _promises(customer, on)
    calls = Call.objects.filter(customer=customer, on__gte=on - LATELY, direction="out", taken_back_at=None)
    made = calls.aggregate(count=Count("pk"), reached=Count("pk", filter=Q(outcome__in=REACHED)), last=Max("on"))
    balance = sum((each.base_open for each in items), ZERO)
    case = SuspensionCase.objects.filter(customer=customer, ended_on=None).first()
    limit = customer.credit_limit
    paid = _last_payment(customer)
    return [
        ("Owed", _sum(balance, currency)),
        ("Overdue", f"{_sum(found.overdue, currency)}, the oldest {found.oldest_days} days"),
        ("Free of promises, disputes and plans", _sum(found.free, currency)),
        ("Disputed", ", ".join(map(str, disputed_of_customer(customer, as_of=on))) or "nothing"),
        (
            "Credit limit",
            amount_in_words(limit, customer.currency, decimals=False),
        ),
        ("Last payment", f"{_sum(paid.amount, paid.currency)}, {day(paid.posted_on, 'full')}" if paid else "none"),
        ("Promises of a year", f"{told['kept']} kept, {told['late']} late, {told['broken']} broken"),
        ("Calls of 90 days", f"{made['count']}, {made['reached']} reached, the last {day(made['last'], 'full')}"),
        ("Suspension", case.get_stage_display() if case else "none"),
        ("Terms", str(customer.terms)),
    ]


def _promises(customer: Customer, on: date) -> dict[str, int]:
    rows = Promise.objects.filter(customer=customer, ended_on__gt=on - YEAR, ended_on__lte=on)
    counted: dict[str, int] = rows.aggregate(
        kept=Count("pk", filter=Q(outcome="kept")),
        late=Count("pk", filter=Q(outcome="late")),
        broken=Count("pk", filter=Q(outcome__in=("broken", "partly"))),
    )
    return counted


def _is_insolvent(customer: Customer, on: date) -> bool:
    rows = DunningHold.objects.filter(customer=customer, kind=DunningHold.Kind.INSOLVENT, placed_on__lte=on)
    return rows.filter(Q(lifted_on=None) | Q(lifted_on__gt=on)).exists()


def _last_payment(customer: Customer) -> OpenItem | None:
    rows = OpenItem.objects.filter(customer=customer, kind=OpenItem.Kind.RECEIPT, side=OpenItem.Side.CREDIT)
    gone = Q(line__entry__kind="reversal") | Q(line__entry__reversed_by__isnull=False)
    return rows.exclude(gone).order_by("-posted_on", "-pk").first()


def _sum(amount: Decimal, currency: str) -> str:
    return amount_in_words(round_to_currency(amount, currency), currency, decimals=True)
