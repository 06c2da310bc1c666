"""Terms of late payment and reference rates: taken up, added, ended."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from ar_collections.late_law import LAWS, RATES
from ar_collections.models import LateTerms, ReferenceRate
from core.audit import audit, audit_many
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from customers.checks import refuse_invalid


class TermsRefused(Refused):
    """The terms or the rate can't be written down so."""

    code = "terms_refused"


@transaction.atomic
def set_up_late_interest(*, by: User, entity: LegalEntity, valid_from: date) -> list[LateTerms]:
    """Take up the reference rates that are known and the law of the UK, Ireland and the EU; what is there stays."""
    require(by, "collections.set_up_late_interest", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    known = set(ReferenceRate.objects.filter(entity=entity).values_list("reference", "starts_on"))
    rates = [
        ReferenceRate(
            entity=entity, reference=reference, starts_on=date(year, month, 1), percent=Decimal(percent),
            source=source, set_by=by,
        )
        for reference, rows in RATES.items()
        for year, month, percent, source in rows
        if (reference.value, date(year, month, 1)) not in known
    ]  # fmt: skip
    audit_many(by, "reference_rate.added", ReferenceRate.objects.bulk_create(rates), entity=entity)
    there = set(LateTerms.objects.filter(entity=entity, customer=None).values_list("place", flat=True))
    rows = [
        LateTerms(entity=entity, set_by=by, valid_from=valid_from, **{**law._asdict(), "tiers": list(law.tiers)})
        for law in LAWS
        if law.place not in there
    ]
    made = LateTerms.objects.bulk_create(rows)
    audit_many(by, "late_terms.added", made, entity=entity, after_each=_told)
    return made


@transaction.atomic
def add_late_terms(*, by: User, terms: LateTerms) -> LateTerms:
    """Say by which law or contract a place or a customer owes interest, for debts that become late from a day on."""
    require(by, "collections.add_late_terms", terms.entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=terms.entity_id)
    if terms.customer is not None and terms.customer.entity_id != terms.entity_id:
        raise TermsRefused(f"{terms.customer.name} is no customer of {terms.entity.name}.")
    terms.set_by = by
    refuse_invalid(terms)

    terms.save(force_insert=True)

    audit(by, "late_terms.added", terms, entity=terms.entity, after=_told(terms), reason=terms.basis)
    return terms


@transaction.atomic
def end_late_terms(*, by: User, terms: LateTerms, valid_until: date) -> LateTerms:
    """Say until which day terms hold. Debts that became late by then keep them."""
    require(by, "collections.end_late_terms", terms.entity)
    terms = LateTerms.objects.select_for_update(no_key=True, of=("self",)).select_related("entity").get(pk=terms.pk)
    if terms.valid_until == valid_until:
        return terms
    if valid_until < terms.valid_from:
        raise TermsRefused(f"“{terms}” hold from {terms.valid_from:%d %b %Y}; they can't end before.")
    if terms.valid_until is not None and valid_until > terms.valid_until:
        raise TermsRefused(f"“{terms}” ended on {terms.valid_until:%d %b %Y}. Add new ones from then on.")

    before = {"valid_until": terms.valid_until}
    terms.valid_until = valid_until
    terms.save(update_fields=["valid_until"])

    audit(by, "late_terms.ended", terms, entity=terms.entity, before=before, after={"valid_until": valid_until})
    return terms


@transaction.atomic
def add_reference_rate(*, by: User, rate: ReferenceRate) -> ReferenceRate:
    """Write down what a central bank's rate is for a half-year. The same again changes nothing."""
    require(by, "collections.add_reference_rate", rate.entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=rate.entity_id)
    same = ReferenceRate.objects.filter(entity=rate.entity, reference=rate.reference, starts_on=rate.starts_on)
    latest = same.order_by("-pk").first()
    if latest is not None and latest.percent == rate.percent:
        return latest
    rate.set_by = by
    refuse_invalid(rate)

    rate.save(force_insert=True)

    before = {"percent": latest.percent} if latest else None
    audit(by, "reference_rate.added", rate, entity=rate.entity, before=before, after={"rate": str(rate)})
    return rate


def _told(terms: LateTerms) -> dict[str, str]:
    return {"whose": terms.whose, "terms": str(terms), "from": f"{terms.valid_from}", "basis": terms.basis}
