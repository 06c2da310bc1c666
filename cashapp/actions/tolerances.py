"""Tolerances and withholding patterns: set, and ended so that history stays."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from cashapp.models import Tolerance, WithholdingPattern
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import Customer


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be missing: of one document, in parts of it, and for a customer in a month."""

    currency: str
    segment: str
    amount: Decimal
    percent: Decimal
    monthly_cap: Decimal
    settles_by_itself: bool = False


@transaction.atomic
def set_tolerance(*, by: User, entity: LegalEntity, bounds: Bounds) -> Tolerance:
    """Say how much may be missing in a currency, for a class of customers or for all. The one before it ends."""
    require(by, "cashapp.set_tolerance", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    in_force = Tolerance.objects.filter(entity=entity, currency=bounds.currency, segment=bounds.segment, ended_at=None)
    former = in_force.first()
    if former is not None and _bounds_of(former) == bounds:
        return former

    in_force.update(ended_at=clock.now(), ended_by=by)
    tolerance = Tolerance(
        entity=entity,
        currency=bounds.currency,
        segment=bounds.segment,
        amount=bounds.amount,
        percent=bounds.percent,
        monthly_cap=bounds.monthly_cap,
        settles_by_itself=bounds.settles_by_itself,
        set_by=by,
        set_at=clock.now(),
    )
    tolerance.full_clean(exclude=("ended_by",))
    tolerance.save(force_insert=True)

    before = {"tolerance": str(former), "monthly_cap": former.monthly_cap} if former else None
    after = {
        "tolerance": str(tolerance),
        "monthly_cap": tolerance.monthly_cap,
        "settles_by_itself": tolerance.settles_by_itself,
    }
    audit(by, "tolerance.set", tolerance, entity=entity, before=before, after=after)
    return tolerance


def _bounds_of(tolerance: Tolerance) -> Bounds:
    return Bounds(
        tolerance.currency,
        tolerance.segment,
        tolerance.amount,
        tolerance.percent,
        tolerance.monthly_cap,
        tolerance.settles_by_itself,
    )


@transaction.atomic
def end_tolerance(*, by: User, tolerance: Tolerance) -> Tolerance:
    """Let nothing go under a tolerance any more; what was let go stays."""
    require(by, "cashapp.end_tolerance", tolerance.entity)
    tolerance = Tolerance.objects.select_for_update(no_key=True, of=("self",)).get(pk=tolerance.pk)
    if not tolerance.is_in_force:
        return tolerance

    tolerance.ended_at, tolerance.ended_by = clock.now(), by
    tolerance.save(update_fields=["ended_at", "ended_by"])

    audit(by, "tolerance.ended", tolerance, entity=tolerance.entity, before={"tolerance": str(tolerance)})
    return tolerance


@transaction.atomic
def set_withholding(
    *,
    by: User,
    entity: LegalEntity,
    name: str,
    percent: Decimal,
    base: WithholdingPattern.Base,
    country: str = "",
    customer: Customer | None = None,
) -> WithholdingPattern:
    """Say which tax the customers of a country, or one customer, keep back by law."""
    require(by, "cashapp.set_withholding", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    facts = {"entity": entity, "country": country.upper(), "customer": customer, "percent": percent, "base": base}
    if bool(country) == (customer is not None):
        raise Refused("Choose a country or a customer, not both.")
    if found := WithholdingPattern.objects.filter(ended_at=None, **facts).first():
        return found

    pattern = WithholdingPattern(name=name.strip(), set_by=by, set_at=clock.now(), **facts)
    pattern.full_clean(exclude=("ended_by",))
    pattern.save(force_insert=True)

    whose = customer.code if customer else pattern.country
    audit(by, "withholding.set", pattern, entity=entity, after={"pattern": str(pattern), "of": whose})
    return pattern


@transaction.atomic
def end_withholding(*, by: User, pattern: WithholdingPattern) -> WithholdingPattern:
    """No longer offer a tax at the desk."""
    require(by, "cashapp.end_withholding", pattern.entity)
    pattern = WithholdingPattern.objects.select_for_update(no_key=True, of=("self",)).get(pk=pattern.pk)
    if not pattern.is_in_force:
        return pattern

    pattern.ended_at, pattern.ended_by = clock.now(), by
    pattern.save(update_fields=["ended_at", "ended_by"])

    audit(by, "withholding.ended", pattern, entity=pattern.entity, before={"pattern": str(pattern)})
    return pattern
