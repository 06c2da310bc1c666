"""Who is over the limit or on hold in a company, for the credit controller."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from core.models import LegalEntity
from customers.models import CreditHold, CreditPolicy, Customer
from customers.queries.credit import holds_in_force, policy_of
from invoicing.exposures import Exposure
from invoicing.queries.exposure import credit_exposure, ledger_exposure

VIEWS = (("attention", "Over limit or on hold"), ("over", "Over limit"), ("held", "On hold"), ("all", "With a limit"))


@dataclass(frozen=True)
class Standing:
    """How a customer stands: what it is good for, and whether it is held."""

    customer: Customer
    exposure: Exposure
    hold: CreditHold | None

    @property
    def open_items(self) -> Decimal:
        """What is posted and open, in the books."""
        return self.exposure.base_of("open_items")

    @property
    def to_come(self) -> Decimal:
        """Drafts and what contracts bill soon, in the books."""
        return self.exposure.base_of("drafts") + self.exposure.base_of("unbilled")

    @property
    def needs_hold(self) -> bool:
        """Whether a hold is suggested: over the limit and none placed."""
        return self.hold is None and bool(self.exposure.over)

    def is_in(self, view: str) -> bool:
        """Whether it belongs into one of the page's views."""
        over, held = bool(self.exposure.over), self.hold is not None
        return {"over": over, "held": held, "all": True}.get(view, over or held)


def standings(*, entity: LegalEntity, as_of: date, today: date) -> list[Standing]:
    """Every customer with a limit or a hold, those furthest over first."""
    held = holds_in_force(as_of=as_of)
    rows = Customer.objects.filter(entity=entity).select_related("entity", "parent")
    wanted = Q(credit_limit__isnull=False) | Exists(held.filter(customer=OuterRef("pk")))
    return standings_of(list(rows.filter(wanted).order_by("name", "pk")), policy_of(entity), as_of, today)


def credit_standing(customer: Customer, *, as_of: date, today: date) -> Standing:
    """How one customer stands at the end of a day."""
    return standings_of([customer], policy_of(customer.entity), as_of, today)[0]


def standings_of(customers: Sequence[Customer], policy: CreditPolicy, as_of: date, today: date) -> list[Standing]:
    """How customers stand at the end of a day; for a past day the ledger alone tells."""
    holds: dict[int, list[CreditHold]] = defaultdict(list)
    for hold in holds_in_force(as_of=as_of).filter(customer__in=customers).select_related("placed_by"):
        holds[hold.customer_id].append(hold)
    if as_of < today:
        exposures = ledger_exposure(customers=customers, as_of=as_of)
    else:
        through = as_of + timedelta(days=policy.horizon_days)
        exposures = credit_exposure(customers=customers, as_of=as_of, through=through)
    found = [Standing(row, exposures[row.pk], next(iter(holds[row.pk]), None)) for row in customers]
    return sorted(found, key=lambda one: (-one.exposure.over, one.hold is None))
