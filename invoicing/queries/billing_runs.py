"""Billing runs with what they bill, what stands in their way, and what the run before billed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.urls import NoReverseMatch, reverse

from core.models import LegalEntity
from core.money import ZERO
from invoicing.models import BillingException, BillingRun, ChargeKind, Invoice
from invoicing.queries.planning import Planned, plan_billing

Key = tuple[str, str, str]
TABS = (("open", "Open"), ("accepted", "Accepted"), ("resolved", "Put right"))
STATES = {
    "open": Q(accepted_at=None, resolved_at=None),
    "accepted": Q(accepted_at__isnull=False),
    "resolved": Q(resolved_at__isnull=False, accepted_at=None),
}
CONTRACT, CUSTOMER = "invoicing:contract", "customers:details"
# Where a finding is put right; what isn't named here, in the contract.
PLACES = {
    "customer_inactive": CUSTOMER,
    "no_address": CUSTOMER,
    "no_certificate": CUSTOMER,
    "no_tax_number": CUSTOMER,
    "structured_data_missing": CUSTOMER,
    "tax_unclear": CUSTOMER,
    "on_hold": CUSTOMER,
    "over_limit": CUSTOMER,
    "no_rate": "core:rates",
    "rate_not_valid": "invoicing:tax_rates",
    "seller_without_tax_number": "core:entities",
}


@dataclass(frozen=True, slots=True)
class KindSum:
    """How many invoices of a kind in a currency, and what they come to before tax."""

    kind: str
    currency: str
    count: int
    net: Decimal

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return dict(ChargeKind.choices).get(self.kind, "Other")


def planned_for(billing_run: BillingRun, customers: Sequence[int] | None = None) -> list[Planned]:
    """What the run would bill now, ready or not."""
    return plan_billing(
        entity=billing_run.entity,
        through=billing_run.billed_through,
        invoice_on=billing_run.invoice_on,
        kinds=billing_run.kinds,
        customers=customers,
    )


def exceptions_of(billing_run: BillingRun, planned: Planned) -> Iterator[BillingException]:
    """One exception for each kind of finding."""
    found: dict[str, list[str]] = defaultdict(list)
    for finding in planned.findings:
        found[finding.code].append(finding.message)
    plan = planned.plan
    for code, messages in found.items():
        yield BillingException(
            billing_run=billing_run,
            customer=plan.customer,
            contract=plan.contracts[0],
            subject=plan.subject,
            about=plan.about,
            code=code,
            message=" ".join(dict.fromkeys(messages)),
            currency=plan.currency,
            net=plan.net,
        )


def accepted_in(billing_run: BillingRun) -> set[Key]:
    """What was accepted with a reason."""
    rows = billing_run.exceptions.filter(accepted_at__isnull=False)
    return set(rows.values_list("subject", "code", "about"))


def unaccepted(planned: Planned, accepted: Collection[Key]) -> list[str]:
    """What keeps an invoice out of the run, as sentences."""
    subject, about = planned.plan.subject, planned.plan.about
    return [one.message for one in planned.findings if (subject, one.code, about) not in accepted]


def figures_of(planned: Iterable[Planned], accepted: Collection[Key]) -> dict[str, Any]:
    """What is ready, per kind and currency, and how many are kept out; as it is kept and compared."""
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    stopped = 0
    for one in planned:
        if unaccepted(one, accepted):
            stopped += 1
        else:
            sums[one.plan.chosen_as, one.plan.currency].append(one.plan.net or ZERO)
    return {
        "ready": sum(map(len, sums.values())),
        "stopped": stopped,
        "sums": [[kind, currency, len(nets), str(sum(nets, ZERO))] for (kind, currency), nets in sorted(sums.items())],
    }


def sums_in(figures: dict[str, Any]) -> list[KindSum]:
    """The figures of a check as sums."""
    return [KindSum(kind, currency, count, Decimal(net)) for kind, currency, count, net in figures.get("sums", ())]


def billed_by(billing_run: BillingRun) -> list[KindSum]:
    """What a run has issued so far."""
    kind = Case(When(is_final=True, then=Value("final")), default=F("kind"), output_field=CharField())
    rows = Invoice.objects.filter(billing_run=billing_run, number__isnull=False).annotate(chosen_as=kind)
    sums = rows.order_by().values_list("chosen_as", "currency").annotate(Count("pk"), Sum("net"))
    return [KindSum(*row) for row in sorted(sums)]


def last_run_of(entity: LegalEntity, before: BillingRun | None = None) -> BillingRun | None:
    """The run of a company that was started last, or last before another one."""
    rows = BillingRun.objects.filter(entity=entity, run__isnull=False)
    if before is not None:
        rows = rows.filter(pk__lt=before.pk)
    return rows.select_related("entity", "run").order_by("-run_id").first()


def runs_of(entity: LegalEntity) -> QuerySet[BillingRun]:
    """The runs of a company, each with how many of its exceptions are open."""
    is_open = Q(exceptions__accepted_at=None, exceptions__resolved_at=None)
    rows = BillingRun.objects.filter(entity=entity).select_related("run", "prepared_by")
    return rows.annotate(open_count=Count("exceptions", filter=is_open)).order_by("-pk")


def beside_each_other(now: Iterable[KindSum], last: Iterable[KindSum]) -> list[tuple[KindSum, KindSum | None]]:
    """Each sum with the last run's; what only the last run had is there with nothing now."""
    before = {(one.kind, one.currency): one for one in last}
    pairs = [(one, before.pop((one.kind, one.currency), None)) for one in now]
    return pairs + [(KindSum(one.kind, one.currency, 0, ZERO), one) for one in before.values()]


def exceptions_in(billing_run: BillingRun, state: str) -> QuerySet[BillingException]:
    """The exceptions of a run that are open, accepted, or put right."""
    rows = billing_run.exceptions.select_related("customer", "contract", "accepted_by").order_by("code", "pk")
    return rows.filter(STATES.get(state, STATES["open"]))


def where_to(exception: BillingException) -> str:
    """The page on which it is put right."""
    name = PLACES.get(exception.code, CONTRACT)
    keys = {CONTRACT: [exception.contract_id], CUSTOMER: [exception.customer_id]}.get(name, [])
    try:
        return reverse(name, args=keys)
    except NoReverseMatch:
        return reverse(CUSTOMER, args=[exception.customer_id])
