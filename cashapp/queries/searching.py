"""Money that waits, unidentified or on account: its age, who looks after it, what was tried and what might fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from cashapp.models import CashSearch, MatchTask, Receipt, SearchStep, UnidentifiedReceipt
from cashapp.queries.receipts import in_suspense, unapplied
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import may
from ledger.models import OpenItem

REVIEW_AFTER = 90
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A document that might be meant, and why."""

    number: str
    customer: str
    words: str


@dataclass(frozen=True, slots=True)
class WaitingSum:
    """Money that waits, with its search."""

    found: Receipt | UnidentifiedReceipt
    search: CashSearch | None
    steps: int
    as_of: date

    @property
    def is_unidentified(self) -> bool:
        """Whether nobody knows yet whose it is."""
        return isinstance(self.found, UnidentifiedReceipt)

    @property
    def key(self) -> str:
        """What names it in forms and addresses: u12 or r34."""
        return f"{'u' if self.is_unidentified else 'r'}{self.found.pk}"

    @property
    def waits(self) -> Money:
        """What is not yet where it belongs."""
        if isinstance(self.found, Receipt):
            return self.found.item.open_money
        return self.found.money

    @property
    def name(self) -> str:
        """The customer, else who paid as far as the bank tells."""
        if isinstance(self.found, Receipt):
            return self.found.item.customer.name
        return self.found.payer or "No payer named"

    @property
    def days(self) -> int:
        """For how many days it waits."""
        return (self.as_of - self.found.received_on).days

    @property
    def owner(self) -> User | None:
        """Who looks after it."""
        return self.search.owner if self.search else None

    @property
    def next_step_on(self) -> date | None:
        """When somebody goes on."""
        return self.search.next_step_on if self.search else None

    @property
    def is_due(self) -> bool:
        """Whether somebody meant to go on today or before, or nobody has begun."""
        return self.next_step_on is None or self.next_step_on <= self.as_of

    @property
    def needs_review(self) -> bool:
        """Whether it waits for 90 days, or for 90 since it was last reviewed."""
        reviewed_on = self.search.reviewed_on if self.search else None
        return (self.as_of - (reviewed_on or self.found.received_on)).days >= REVIEW_AFTER


def waiting_sums(entity: LegalEntity, by: User, *, as_of: date) -> list[WaitingSum]:
    """Everything that waits, the oldest first: unidentified money and money on account."""
    receipts = list(unapplied(entity, by).select_related("search__owner").filter(received_on__lte=as_of))
    unknown = list(in_suspense(entity, by).select_related("search__owner").filter(received_on__lte=as_of))
    found: list[Receipt | UnidentifiedReceipt] = [*unknown, *receipts]
    searches = {(one._meta.label, one.pk): getattr(one, "search", None) for one in found}
    steps = _steps(search.pk for search in searches.values() if search)
    rows = []
    for one in found:
        search = searches[one._meta.label, one.pk]
        rows.append(WaitingSum(one, search, steps.get(search.pk, 0) if search else 0, as_of))
    return sorted(rows, key=lambda row: (row.found.received_on, row.key))


def sums_waiting(entity: LegalEntity) -> int:
    """How many there are, for the menu."""
    on_account = Receipt.objects.filter(entity=entity, ended_on=None, item__open_amount__gt=0)
    return on_account.count() + UnidentifiedReceipt.objects.filter(entity=entity, ended_on=None).count()


def waiting_sum(found: Receipt | UnidentifiedReceipt, *, as_of: date) -> WaitingSum:
    """One of them."""
    search = CashSearch.objects.filter(**_about(found)).select_related("owner").first()
    return WaitingSum(found, search, search.steps.count() if search else 0, as_of)


def steps_of(search: CashSearch | None) -> Sequence[SearchStep]:
    """The trail of a search, the latest first."""
    if search is None:
        return []
    return list(SearchStep.objects.filter(search=search).select_related("by", "message").order_by("-pk"))


def suggestions_for(row: WaitingSum) -> list[Suggestion]:
    """What the matcher thought of, then open documents of that very amount."""
    found = [*_thought_of(row), *_of_that_amount(row)]
    unique = {suggestion.number: suggestion for suggestion in reversed(found)}
    return list(reversed(unique.values()))[:MOST_SUGGESTIONS]


def people_with_cash(entity: LegalEntity) -> list[User]:
    """Who may look after such money."""
    rows = User.objects.filter(
        role_grants__entity=entity, role_grants__ended_at=None, is_active=True, is_system=False
    ).distinct()
    return [person for person in rows.order_by("name") if may(person, "cashapp.note_search", entity)]


def _about(found: Receipt | UnidentifiedReceipt) -> dict[str, Receipt | UnidentifiedReceipt]:
    return {"receipt": found} if isinstance(found, Receipt) else {"unidentified": found}


def _steps(searches: Iterable[int]) -> dict[int, int]:
    counted = SearchStep.objects.filter(search__in=list(searches)).order_by().values_list("search")
    return dict(counted.annotate(Count("pk")))


def _thought_of(row: WaitingSum) -> list[Suggestion]:
    """The matcher's near misses: its proposal and the other options, while their documents are open."""
    task = MatchTask.objects.filter(line=row.found.line_id).first() if row.found.line_id else None
    if task is None:
        return []
    applied = [each for answer in (task.applied, *(one["applied"] for one in task.alternatives)) for each in answer]
    reasons = {each.get("item"): each["words"] for each in task.evidence}
    for other in task.alternatives:
        reasons |= {each.get("item"): each["words"] for each in other["evidence"]}
    items = _open(Q(pk__in=[each["item"] for each in applied]))
    return [Suggestion(item.number, item.customer.name, reasons.get(item.pk, "Proposed")) for item in items]


def _of_that_amount(row: WaitingSum) -> list[Suggestion]:
    money = row.waits
    wanted = Q(entity=row.found.entity, currency=money.currency, open_amount=money.amount)
    if isinstance(row.found, Receipt):
        wanted &= Q(customer=row.found.item.customer_id)
    return [Suggestion(item.number, item.customer.name, "Open for that very amount") for item in _open(wanted)]


def _open(wanted: Q) -> QuerySet[OpenItem]:
    rows = OpenItem.objects.filter(wanted, side=OpenItem.Side.DEBIT, open_amount__gt=0)
    return rows.select_related("customer").order_by("due_on", "pk")[:MOST_SUGGESTIONS]
