"""Tax rates: those of a company's country, and changes of them."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from core.audit import audit
from core.models import LegalEntity, User
from core.permissions import require
from invoicing.actions.errors import RateRefused
from invoicing.models import TaxRate

KNOWN_RATES = Path(__file__).resolve().parent.parent / "tax_rates.csv"


@transaction.atomic
def set_up_tax_rates(*, by: User, entity: LegalEntity) -> list[TaxRate]:
    """Give a company the rates of its country; rates that it has already stay."""
    require(by, "invoicing.add_tax_rate", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    present = set(TaxRate.objects.filter(entity=entity).values_list("code", "valid_from"))

    added = TaxRate.objects.bulk_create(
        [rate for rate in _rates_of_country(entity) if (rate.code, rate.valid_from) not in present]
    )
    if added:
        audit(by, "tax_rate.added", entity, entity=entity, after={"rates": [str(rate) for rate in added]})
    return added


@transaction.atomic
def add_tax_rate(*, by: User, rate: TaxRate) -> TaxRate:
    """Add a rate from a day on. No other rate of that category and percentage may hold at the same time."""
    require(by, "invoicing.add_tax_rate", rate.entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=rate.entity_id)
    same = TaxRate.objects.filter(entity=rate.entity, category=rate.category, percent=rate.percent)
    for other in same:
        if _overlap(rate, other):
            raise RateRefused(f"“{other}” holds from {other.valid_from:%d %b %Y} already. End it first, or use it.")
    rate.full_clean()
    rate.save(force_insert=True)

    audit(by, "tax_rate.added", rate, entity=rate.entity, after={"percent": rate.percent, "from": rate.valid_from})
    return rate


@transaction.atomic
def end_tax_rate(*, by: User, rate: TaxRate, valid_until: date) -> TaxRate:
    """Say until which day a rate is charged. Documents of the days before keep it."""
    require(by, "invoicing.end_tax_rate", rate.entity)
    rate = TaxRate.objects.select_for_update(of=("self",), no_key=True).select_related("entity").get(pk=rate.pk)
    if valid_until < rate.valid_from:
        raise RateRefused(f"“{rate}” begins on {rate.valid_from:%d %b %Y}; it can't end on {valid_until:%d %b %Y}.")

    before = {"valid_until": rate.valid_until}
    rate.valid_until = valid_until
    rate.save(update_fields=["valid_until"])

    audit(by, "tax_rate.ended", rate, entity=rate.entity, before=before, after={"valid_until": valid_until})
    return rate


def _rates_of_country(entity: LegalEntity) -> Iterator[TaxRate]:
    with KNOWN_RATES.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["country"] in {"", entity.country}:
                until = row["valid_until"]
                yield TaxRate(
                    entity=entity,
                    code=row["code"],
                    name=row["name"],
                    category=row["category"],
                    percent=Decimal(row["percent"]),
                    valid_from=date.fromisoformat(row["valid_from"]),
                    valid_until=date.fromisoformat(until) if until else None,
                )


def _overlap(one: TaxRate, other: TaxRate) -> bool:
    last = date.max
    return one.valid_from <= (other.valid_until or last) and other.valid_from <= (one.valid_until or last)
