"""Late interest, a write-off, rules of portfolios and a cover, so that their pages have something to show."""

from datetime import date, timedelta

from ar_collections.actions.late_interest import charge_late_interest, request_late_waiver
from ar_collections.actions.late_terms import set_up_late_interest
from ar_collections.actions.portfolios import add_portfolio_rule, cover_absence
from ar_collections.actions.recoveries import set_relief_rule
from ar_collections.actions.write_offs import Writing, request_write_off, write_off_items
from ar_collections.models import AbsenceCover, PortfolioRule, ReliefRule, WriteOff
from ar_collections.queries.late_interest import Accrued, accrued_of, late_customers
from core.models import LegalEntity, User
from integrations.demo.books import Ledger
from ledger.models import OpenItem

SMALL, LARGE = 400, 4000


def charge_late_payers(ledger: Ledger, on: date) -> None:
    """Terms of the places; one customer charged, one for whom a waiver waits; two write-offs, one of which waits."""
    entity, people = ledger.entity, _people(ledger.entity)
    set_up_late_interest(by=ledger.by, entity=entity, valid_from=date(on.year, 1, 1))
    if entity.country == "GB":
        rule = ReliefRule(
            entity=entity, wait_months=6, lapse_months=54, basis="VAT Notice 700/18", valid_from=date(on.year - 4, 1, 1)
        )
        set_relief_rule(by=ledger.by, rule=rule)
    _charge(entity, people, on)
    _write_off(entity, people, on)
    _hand_out(entity, people, on)


def _people(entity: LegalEntity) -> dict[str, User]:
    held = User.objects.filter(role_grants__entity=entity, role_grants__ended_at=None, is_system=False)
    return {role: person for person in held.distinct() for role in person.roles_by_entity[entity.pk]}


def _charge(entity: LegalEntity, people: dict[str, User], on: date) -> None:
    customers = list(late_customers(entity, as_of=on)[4:24])
    known = accrued_of(entity, [customer.pk for customer in customers], as_of=on)
    own = [known[customer.pk] for customer in customers if _is_clear(known.get(customer.pk, []))]
    for number, accrued in enumerate(own[:2]):
        customer, currency = accrued[0].item.customer, accrued[0].item.currency
        items = [each.item.pk for each in accrued if each.item.currency == currency]
        facts = {"customer": customer, "currency": currency, "items": items}
        if number == 0:
            charge_late_interest(by=people["ar_manager"], charged_on=on, **facts)
        else:
            why = "Their accounts department moved; they always paid before."
            request_late_waiver(by=people["collector"], reason=why, requested_on=on, **facts)


def _is_clear(accrued: list[Accrued]) -> bool:
    return bool(accrued) and not any(each.problem for each in accrued)


def _write_off(entity: LegalEntity, people: dict[str, User], on: date) -> None:
    old = OpenItem.objects.filter(
        entity=entity, side=OpenItem.Side.DEBIT, kind=OpenItem.Kind.INVOICE, due_on__lt=on - timedelta(days=60),
        currency=entity.currency, disputes=None,
    ).order_by("due_on", "pk")  # fmt: skip
    small = old.filter(open_amount__gt=0, open_amount__lte=SMALL).select_related("customer").first()
    large = old.filter(open_amount__gt=SMALL, open_amount__lte=LARGE).select_related("customer").first()
    if small is not None:
        note = "Three calls and two letters; pursuing it costs more."
        writing = _writing(small, WriteOff.Reason.UNECONOMIC, note)
        write_off_items(by=people["ar_manager"], customer=small.customer, writing=writing, posted_on=on)
    if large is not None:
        writing = _writing(large, WriteOff.Reason.INSOLVENT, "The administrator expects no dividend.")
        request_write_off(by=people["collector"], customer=large.customer, writing=writing, requested_on=on)


def _writing(item: OpenItem, reason: WriteOff.Reason, note: str) -> Writing:
    return Writing(currency=item.currency, parts=[(item.pk, item.open_amount)], reason=reason, note=note)


def _hand_out(entity: LegalEntity, people: dict[str, User], on: date) -> None:
    """Rules that are not applied yet, and a week of leave to come."""
    halves = (("collector", "A", "M"), ("ar_specialist", "N", "Z"))
    for position, (role, first, last) in enumerate(halves, start=1):
        rule = PortfolioRule(
            entity=entity, collector=people[role], position=position, first_letter=first, last_letter=last
        )
        add_portfolio_rule(by=people["ar_manager"], rule=rule)
    monday = on + timedelta(days=7 - on.weekday())
    cover = AbsenceCover(
        entity=entity, absent=people["collector"], cover=people["ar_specialist"], from_on=monday,
        until_on=monday + timedelta(days=4), reason="Leave",
    )  # fmt: skip
    cover_absence(by=people["ar_manager"], cover=cover)
