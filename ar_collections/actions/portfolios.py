"""Portfolios: customers handed out by hand or by rule, many at once under one line of the audit trail, and covers."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from ar_collections.models import AbsenceCover, PortfolioRule, WorkAssignment
from ar_collections.queries.portfolios import Move, moves_by_rule
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import may, require
from customers.checks import refuse_invalid
from customers.models import lock_many


class NotAssignable(Refused):
    """The customers can't be handed to that person."""

    code = "not_assignable"


@transaction.atomic
def reassign_customers(
    *, by: User, entity: LegalEntity, moves: Sequence[Move], reason: str = ""
) -> list[WorkAssignment]:
    """Hand customers to collectors, all of them or none. Whose they were stays known; one audit line names them all."""
    require(by, "collections.assign_customers", entity)
    return _assign(by, entity, moves, reason)


@transaction.atomic
def apply_portfolio_rules(*, by: User, entity: LegalEntity) -> list[WorkAssignment]:
    """Hand out by rule who is nobody's or was handed out by another rule. By hand stays by hand."""
    require(by, "collections.apply_portfolio_rules", entity)
    return _assign(by, entity, moves_by_rule(entity), "By rule")


@transaction.atomic
def assign_new_customers(*, by: User, entity: LegalEntity) -> list[WorkAssignment]:
    """Hand out by rule whoever is nobody's; nobody loses a customer by it."""
    require(by, "collections.apply_portfolio_rules", entity)
    return _assign(by, entity, moves_by_rule(entity, only_new=True), "New, by rule")


@transaction.atomic
def add_portfolio_rule(*, by: User, rule: PortfolioRule) -> PortfolioRule:
    """Add a rule. It hands nobody out before it is applied."""
    require(by, "collections.add_portfolio_rule", rule.entity)
    _refuse_person(rule.collector, rule.entity)
    rule.made_by = by
    refuse_invalid(rule)

    rule.save(force_insert=True)

    after = {"rule": str(rule), "collector": rule.collector.name}
    audit(by, "portfolio_rule.added", rule, entity=rule.entity, after=after)
    return rule


@transaction.atomic
def end_portfolio_rule(*, by: User, rule: PortfolioRule) -> PortfolioRule:
    """End a rule. Whom it handed out stays where they are."""
    require(by, "collections.end_portfolio_rule", rule.entity)
    rows = PortfolioRule.objects.select_for_update(no_key=True, of=("self",)).select_related("entity", "collector")
    rule = rows.get(pk=rule.pk)
    if rule.ended_at is not None:
        return rule

    rule.ended_by, rule.ended_at = by, clock.now()
    rule.save(update_fields=["ended_by", "ended_at"])

    before = {"rule": str(rule), "collector": rule.collector.name}
    audit(by, "portfolio_rule.ended", rule, entity=rule.entity, before=before)
    return rule


@transaction.atomic
def cover_absence(*, by: User, cover: AbsenceCover) -> AbsenceCover:
    """Let one collector look after another's customers while they are away."""
    require(by, "collections.cover_absence", cover.entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=cover.entity_id)
    _refuse_person(cover.cover, cover.entity)
    standing = AbsenceCover.objects.filter(
        entity=cover.entity,
        absent=cover.absent,
        ended_on=None,
        from_on__lte=cover.until_on,
        until_on__gte=cover.from_on,
    ).first()
    if standing is not None and (standing.cover_id, standing.from_on) == (cover.cover_id, cover.from_on):
        return standing
    if standing is not None:
        raise Refused(f"{cover.absent.name} is covered already: {standing}. End that first.")
    back = AbsenceCover.objects.filter(
        entity=cover.entity, absent=cover.cover, ended_on=None, from_on__lte=cover.until_on, until_on__gte=cover.from_on
    ).first()
    if back is not None:
        raise Refused(f"{cover.cover.name} is away then, too: {back}.")
    cover.made_by = by
    refuse_invalid(cover)

    cover.save(force_insert=True)

    audit(by, "absence.covered", cover, entity=cover.entity, after={"cover": str(cover)}, reason=cover.reason)
    return cover


@transaction.atomic
def end_cover(*, by: User, cover: AbsenceCover, ended_on: date) -> AbsenceCover:
    """End a cover from a day on, because the colleague is back."""
    require(by, "collections.end_cover", cover.entity)
    rows = AbsenceCover.objects.select_for_update(no_key=True, of=("self",))
    cover = rows.select_related("entity", "absent", "cover").get(pk=cover.pk)
    if cover.ended_on is not None:
        return cover

    cover.ended_on, cover.ended_by = ended_on, by
    cover.save(update_fields=["ended_on", "ended_by"])

    audit(by, "cover.ended", cover, entity=cover.entity, before={"cover": str(cover)})
    return cover


def _assign(by: User, entity: LegalEntity, moves: Sequence[Move], reason: str) -> list[WorkAssignment]:
    for collector in {move.collector.pk: move.collector for move in moves}.values():
        _refuse_person(collector, entity)
    locked = {row.pk: row for row in lock_many(move.customer for move in moves)}
    if others := [row for row in locked.values() if row.entity_id != entity.pk]:
        raise NotAssignable(f"{others[0].name} isn't a customer of {entity.name}.")
    held = WorkAssignment.objects.filter(customer__in=locked, ended_at=None)
    whose = dict(held.values_list("customer_id", "collector_id"))
    changed = [move for move in moves if whose.get(move.customer.pk) != move.collector.pk]
    if not changed:
        return []
    held.filter(customer__in=[move.customer.pk for move in changed]).update(ended_at=clock.now())
    made = WorkAssignment.objects.bulk_create(
        [
            WorkAssignment(customer=locked[move.customer.pk], collector=move.collector, assigned_by=by, rule=move.rule)
            for move in changed
        ],
        batch_size=1000,
    )
    audit(by, "customers.assigned", entity, entity=entity, after=_told(changed), reason=reason.strip())
    return made


def _told(moves: Sequence[Move]) -> dict[str, list[str]]:
    """By collector the codes of who came, so that one line of the trail says everything."""
    found: dict[str, list[str]] = {}
    for move in moves:
        found.setdefault(move.collector.name, []).append(move.customer.code)
    return found


def _refuse_person(person: User, entity: LegalEntity) -> None:
    if not may(person, "collections.log_call", entity):
        raise NotAssignable(f"{person.name} holds no role in {entity.name} that collects.")
