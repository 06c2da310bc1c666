"""The billing run: preparing it, settling what stands in its way, and starting it."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.urls import reverse

from core import clock
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.models import LegalEntity, Run, User
from core.permissions import require
from core.runs import start_run
from invoicing.actions.errors import BillingRefused, ChangedMeanwhile, NotReady
from invoicing.billing.findings import ACCEPTABLE
from invoicing.models import BillingException, BillingRun, ChargeKind
from invoicing.queries.billing_runs import accepted_in, exceptions_of, figures_of, planned_for
from invoicing.queries.due import customers_due

KIND = "billing_run"


@transaction.atomic
def prepare_billing_run(
    *,
    by: User,
    entity: LegalEntity,
    billed_through: date,
    invoice_on: date,
    kinds: Collection[str],
    request_id: str,
) -> BillingRun:
    """Lay down what a run bills, and raise what stands in the way of it; the same form prepares it once."""
    require(by, "invoicing.prepare_billing_run", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    wanted = [kind for kind in ChargeKind.values if kind in kinds]
    if (first := BillingRun.objects.filter(entity=entity, request_id=request_id).first()) is not None:
        if (first.billed_through, first.invoice_on, first.kinds) != (billed_through, invoice_on, wanted):
            raise SameKeyOtherContent(f"This form prepared {first} already, with other content. Open a new form.")
        return first
    if not kinds or not set(kinds) <= set(ChargeKind.values):
        raise BillingRefused("Choose what the run bills: new orders, renewals, added users, recurring, usage, finals.")

    billing_run = BillingRun.objects.create(
        entity=entity,
        billed_through=billed_through,
        invoice_on=invoice_on,
        kinds=wanted,
        prepared_by=by,
        request_id=request_id,
    )
    _check(billing_run)

    facts = {"through": billed_through, "invoice_on": invoice_on, "kinds": billing_run.kinds}
    audit(by, "billing_run.prepared", billing_run, entity=entity, after=facts)
    return billing_run


@transaction.atomic
def check_billing_run(*, by: User, billing_run: BillingRun) -> BillingRun:
    """Look again: what was put right is resolved, what is new is raised."""
    require(by, "invoicing.check_billing_run", billing_run.entity)
    billing_run = _turn_with(billing_run)
    _refuse_started(billing_run)

    _check(billing_run)

    audit(by, "billing_run.checked", billing_run, entity=billing_run.entity, after=billing_run.figures)
    return billing_run


@transaction.atomic
def accept_exception(*, by: User, exception: BillingException, reason: str) -> BillingException:
    """Bill an invoice although something was found about it, and say why."""
    entity = exception.billing_run.entity
    require(by, "invoicing.accept_exception", entity)
    billing_run = _turn_with(exception.billing_run)
    exception.refresh_from_db()
    if exception.accepted_at is not None:
        return exception
    _refuse_started(billing_run)
    if exception.code not in ACCEPTABLE:
        raise BillingRefused(f"This has to be put right, not accepted: {exception.message}")
    if exception.resolved_at is not None:
        raise BillingRefused(f"This is put right already: {exception.message}")
    if not reason.strip():
        raise BillingRefused("Write why it is billed all the same: the auditor reads it.")

    exception.accepted_by, exception.accepted_at, exception.reason = by, clock.now(), reason.strip()
    exception.save(update_fields=["accepted_by", "accepted_at", "reason"])

    audit(by, "exception.accepted", exception, entity=entity, after={"message": exception.message}, reason=reason)
    return exception


@transaction.atomic
def start_billing_run(*, by: User, billing_run: BillingRun, checked_at: str) -> Run:
    """Issue everything that is ready; `checked_at` is the check whose figures the person saw."""
    require(by, "invoicing.start_billing_run", billing_run.entity)
    billing_run = _turn_with(billing_run)
    if billing_run.run is not None:
        return billing_run.run
    _refuse_other_figures(billing_run, checked_at)

    customers = customers_due(entity=billing_run.entity, through=billing_run.billed_through)
    run, _ = start_run(
        by,
        billing_run.entity,
        KIND,
        billing_run.invoice_on,
        title=f"Bill through {billing_run.billed_through:%d %B %Y}, dated {billing_run.invoice_on:%d %B %Y}",
        part=f"billing {billing_run.pk}",
        parameters={"customers": customers},
        total=billing_run.figures["ready"],
        link=reverse("invoicing:billing_run", args=[billing_run.pk]),
    )
    billing_run.run = run
    billing_run.save(update_fields=["run"])

    audit(by, "billing_run.started", billing_run, entity=billing_run.entity, after=billing_run.figures)
    return run


def _turn_with(billing_run: BillingRun) -> BillingRun:
    rows = BillingRun.objects.select_for_update(of=("self",), no_key=True).select_related("entity", "run")
    return rows.get(pk=billing_run.pk)


def _refuse_started(billing_run: BillingRun) -> None:
    if billing_run.is_started:
        raise BillingRefused(f"{billing_run} was started already; what it left out is billed by the next run.")


def _refuse_other_figures(billing_run: BillingRun, checked_at: str) -> None:
    """Nothing is billed that the person hasn't seen."""
    if billing_run.checked_at is None or billing_run.checked_at.isoformat() != checked_at:
        raise ChangedMeanwhile("The run was checked again meanwhile. Look at its figures, then start it.")
    if not billing_run.figures["ready"]:
        raise NotReady("Nothing is ready to be billed.")
    if figures_of(planned_for(billing_run), accepted_in(billing_run)) != billing_run.figures:
        raise ChangedMeanwhile("Contracts owe something else since the run was checked. Check it again, then start it.")


def _check(billing_run: BillingRun) -> None:
    """Bring the exceptions in line with what is found now, and keep the figures."""
    planned, moment = planned_for(billing_run), clock.now()
    found = {row.key: row for one in planned for row in exceptions_of(billing_run, one)}
    known = {row.key: row for row in billing_run.exceptions.all()}
    gone = [row.pk for key, row in known.items() if key not in found and row.resolved_at is None]
    back = [row.pk for key, row in known.items() if key in found and row.resolved_at is not None]
    BillingException.objects.filter(pk__in=gone).update(resolved_at=moment)
    BillingException.objects.filter(pk__in=back).update(resolved_at=None)
    BillingException.objects.bulk_create([row for key, row in found.items() if key not in known], batch_size=1000)

    billing_run.figures = figures_of(planned, accepted_in(billing_run))
    billing_run.checked_at = moment
    billing_run.save(update_fields=["figures", "checked_at"])
