"""Tax rules: those that a company starts with, and changes of them."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from core.audit import audit
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import Customer
from invoicing.actions.errors import RateRefused
from invoicing.models import TaxRate, TaxRule
from invoicing.models.tax_rules import EU
from invoicing.taxing import MEMBERS

KNOWN_RULES = Path(__file__).resolve().parent.parent / "tax_rules.csv"
EVER = date(1970, 1, 1)
HOME = "home"
CONSUMERS = (
    "No VAT number: taxed where the seller is. Above the one-stop shop's threshold, add each country's own rule."
)


@transaction.atomic
def set_up_tax_rules(*, by: User, entity: LegalEntity) -> list[TaxRule]:
    """Give a company the rules of its country; where a rule for the same is there already, that one stays."""
    require(by, "invoicing.add_tax_rule", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    present = {_subject(rule) for rule in TaxRule.objects.filter(entity=entity)}
    charged = set(TaxRate.objects.filter(entity=entity).values_list("code", flat=True))

    wanted = [rule for rule in _rules_of_country(entity) if rule.rate_code in charged and _subject(rule) not in present]
    added = TaxRule.objects.bulk_create(wanted)
    if added:
        audit(by, "tax_rule.added", entity, entity=entity, after={"rules": [str(rule) for rule in added]})
    return added


@transaction.atomic
def add_tax_rule(*, by: User, rule: TaxRule) -> TaxRule:
    """Add a rule from a day on. One that holds for the same ends the day before."""
    require(by, "invoicing.add_tax_rule", rule.entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=rule.entity_id)
    if not TaxRate.objects.filter(entity=rule.entity, code=rule.rate_code).exists():
        raise RateRefused(f"{rule.entity} has no tax rate “{rule.rate_code}”. Add the rate first.")
    for other in TaxRule.objects.filter(entity=rule.entity, place=rule.place, tax_status=rule.tax_status):
        if other.tax_class == rule.tax_class and other.valid_from < rule.valid_from and other.valid_until is None:
            _end(other, date.fromordinal(rule.valid_from.toordinal() - 1))
            audit(by, "tax_rule.ended", other, entity=rule.entity, after={"valid_until": other.valid_until})
    _check(rule)
    rule.save(force_insert=True)

    audit(by, "tax_rule.added", rule, entity=rule.entity, after={"rule": str(rule), "from": rule.valid_from})
    return rule


@transaction.atomic
def end_tax_rule(*, by: User, rule: TaxRule, valid_until: date) -> TaxRule:
    """Say until which day a rule holds."""
    require(by, "invoicing.end_tax_rule", rule.entity)
    rule = TaxRule.objects.select_for_update(of=("self",), no_key=True).select_related("entity").get(pk=rule.pk)
    if valid_until < rule.valid_from:
        raise RateRefused(f"“{rule}” holds from {rule.valid_from:%d %b %Y} on; it can't end on {valid_until:%d %b %Y}.")

    before = {"valid_until": rule.valid_until}
    rule.valid_until = valid_until
    _check(rule)
    _end(rule, valid_until)

    audit(by, "tax_rule.ended", rule, entity=rule.entity, before=before, after={"valid_until": valid_until})
    return rule


def _check(rule: TaxRule) -> None:
    try:
        rule.full_clean()
    except ValidationError as wrong:
        raise RateRefused(" ".join(wrong.messages)) from wrong


def _end(rule: TaxRule, valid_until: date) -> None:
    rule.valid_until = valid_until
    rule.save(update_fields=["valid_until"])


def _subject(rule: TaxRule) -> tuple[str, str, str]:
    return (rule.place, rule.tax_status, rule.tax_class)


def _rules_of_country(entity: LegalEntity) -> Iterator[TaxRule]:
    with KNOWN_RULES.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["seller"] not in {"", entity.country}:
                continue
            is_home = row["place"] == HOME
            yield _rule(entity, row, entity.country if is_home else row["place"], row["note"])
            if is_home and row["tax_status"] == Customer.TaxStatus.STANDARD and entity.country in MEMBERS:
                yield _rule(entity, row, EU, CONSUMERS)


def _rule(entity: LegalEntity, row: dict[str, str], place: str, note: str) -> TaxRule:
    return TaxRule(
        entity=entity,
        place=place,
        tax_status=row["tax_status"],
        tax_class=row["tax_class"],
        rate_code=row["rate_code"],
        needs_certificate=bool(row["needs_certificate"]),
        note=note,
        valid_from=EVER,
    )
