"""Authority limits: set, ended, and used up by what people decide."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from controls.models import Authority, AuthorityLimit, AuthorityReturn, AuthorityUse
from controls.queries import ASK_INSTEAD, COUNTED_DAYS, Part, Reach, converted, covers, reaches_of
from core import clock
from core.audit import audit, audit_many
from core.errors import Refused
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import require

# What a new company starts with, in its own currency. None: without limit.
STANDARD_LIMITS: list[tuple[Authority, str, Decimal | None]] = [
    (Authority.SMALL_DIFFERENCE, "ar_specialist", Decimal(5)),
    (Authority.SMALL_DIFFERENCE, "ar_manager", Decimal(500)),
    (Authority.SMALL_DIFFERENCE, "finance_manager", None),
    (Authority.CREDIT_NOTE, "ar_manager", Decimal(10_000)),
    (Authority.CREDIT_NOTE, "finance_manager", None),
    (Authority.WRITE_OFF, "ar_manager", Decimal(1_000)),
    (Authority.WRITE_OFF, "finance_manager", None),
    (Authority.REFUND, "ar_manager", Decimal(5_000)),
    (Authority.REFUND, "finance_manager", None),
    (Authority.ADJUSTMENT, "ar_manager", Decimal(1_000)),
    (Authority.ADJUSTMENT, "finance_manager", None),
    (Authority.SURCHARGE_WAIVER, "ar_manager", Decimal(500)),
    (Authority.SURCHARGE_WAIVER, "finance_manager", None),
    (Authority.PAYMENT_PLAN, "finance_manager", None),
    (Authority.SUSPENSION_FINANCE, "finance_manager", None),
    (Authority.SUSPENSION_SERVICE, "service_owner", None),
    (Authority.EXTENSION, "ar_manager", None),
    (Authority.EXTENSION, "finance_manager", None),
    (Authority.LATE_INTEREST, "ar_manager", Decimal(1_000)),
    (Authority.LATE_INTEREST, "finance_manager", None),
]


OWN_LIMIT = (
    "You can't set your own limit, nor raise or end that of a role of yours: another limit might then reach further. "
    "Somebody else who may change limits does it."
)


class AboveAuthority(Refused):
    """The amount is above what the person decides alone."""

    code = "above_authority"


@transaction.atomic
def set_up_limits(*, by: User, entity: LegalEntity) -> list[AuthorityLimit]:
    """Give a new company the standard limits; limits that are set already stay."""
    require(by, "controls.change_limits", entity)
    held = set(AuthorityLimit.objects.filter(entity=entity, ended_at=None).values_list("kind", "role"))
    limits = [
        AuthorityLimit(entity=entity, kind=kind, currency=entity.currency, amount=amount, role=role, set_by=by)
        for kind, role, amount in STANDARD_LIMITS
        if (kind.value, role) not in held
    ]
    AuthorityLimit.objects.bulk_create(limits)
    audit_many(by, "limit.set", limits, entity=entity, after_each=_facts)
    return limits


@transaction.atomic
def set_limit(
    *,
    by: User,
    entity: LegalEntity,
    kind: Authority,
    currency: str,
    amount: Decimal | None,
    role: str = "",
    person: User | None = None,
    reason: str = "",
) -> AuthorityLimit:
    """Say up to which amount a role, or one person, decides alone. The limit before it ends."""
    require(by, "controls.change_limits", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    if person == by:
        raise Refused(OWN_LIMIT)
    if person is not None and entity.pk not in person.roles_by_entity:
        raise Refused(f"{person.name} holds no role in {entity.name}.")

    asked = AuthorityLimit(entity=entity, kind=kind, currency=currency, amount=amount, role=role, person=person)
    former = _same(asked).first()
    if former is not None and former.amount == amount:
        return former
    if role in by.roles_by_entity.get(entity.pk, ()) and not _is_lower(amount, former):
        raise Refused(OWN_LIMIT)
    return _put_limit(by, asked, reason)


def _same(limit: AuthorityLimit) -> QuerySet[AuthorityLimit]:
    """The limit in force that another would end."""
    return AuthorityLimit.objects.filter(
        entity=limit.entity,
        kind=limit.kind,
        currency=limit.currency,
        role=limit.role,
        person=limit.person,
        ended_at=None,
    )


def _put_limit(by: User, limit: AuthorityLimit, reason: str = "") -> AuthorityLimit:
    former = _same(limit).first()
    _same(limit).update(ended_at=clock.now())
    limit.set_by = by
    limit.full_clean()
    limit.save(force_insert=True)

    audit(
        by,
        "limit.set",
        limit,
        entity=limit.entity,
        before=_facts(former) if former else None,
        after=_facts(limit),
        reason=reason,
    )
    return limit


def _facts(limit: AuthorityLimit) -> dict[str, Any]:
    return {"amount": limit.amount, "currency": limit.currency}


def _is_lower(amount: Decimal | None, former: AuthorityLimit | None) -> bool:
    return former is not None and amount is not None and (former.amount is None or amount < former.amount)


@transaction.atomic
def end_limit(*, by: User, limit: AuthorityLimit, reason: str) -> AuthorityLimit:
    """Take a limit away: whoever held it decides nothing of the kind alone any more."""
    require(by, "controls.change_limits", limit.entity)
    limit = AuthorityLimit.objects.select_for_update(no_key=True).get(pk=limit.pk)
    if limit.ended_at is not None:
        return limit
    if limit.person_id == by.pk or limit.role in by.roles_by_entity.get(limit.entity_id, ()):
        raise Refused(OWN_LIMIT)

    limit.ended_at = clock.now()
    limit.save(update_fields=["ended_at"])

    audit(by, "limit.ended", limit, entity=limit.entity, before=_facts(limit), reason=reason)
    return limit


@transaction.atomic
def use_authority(
    *,
    by: User,
    entity: LegalEntity,
    kind: Authority,
    amount: Money,
    counts_with: str,
    subject_label: str,
    on: date,
    otherwise: str = ASK_INSTEAD,
) -> AuthorityUse:
    """Decide on an amount within one's own limit, or be refused with AboveAuthority.

    Called by the action that decides, which holds the customer's lock: two decisions on one customer never pass
    the limit side by side. The permission is that action's own. `otherwise` tells whoever is refused what to do.
    """
    part = Part(counts_with, amount, subject_label, otherwise)
    return use_authority_for_many(by=by, entity=entity, kind=kind, parts=[part], on=on)[0]


@transaction.atomic
def use_authority_for_many(
    *, by: User, entity: LegalEntity, kind: Authority, parts: Sequence[Part], on: date
) -> list[AuthorityUse]:
    """Decide on many amounts of one currency, each within one's limit for its customer, or on none of them.

    Each customer comes once. What they come to together is for the calling action to decide on.
    """
    if not parts:
        return []
    currency, keys = parts[0].amount.currency, [part.counts_with for part in parts]
    reaches = reaches_of(by=by, entity=entity, kind=kind, currency=currency, counts_with=keys, as_of=on)
    for part in parts:
        _refuse_above(part, reaches[part.counts_with], on)
    return AuthorityUse.objects.bulk_create(
        [
            AuthorityUse(
                entity=entity,
                kind=kind,
                person=by,
                counts_with=part.counts_with,
                subject_label=part.label[:200],
                on=on,
                amount=part.amount.amount,
                currency=currency,
                base_amount=converted(part.amount, entity.currency, on).amount,
            )
            for part in parts
        ],
        batch_size=1000,
    )


def _refuse_above(part: Part, reach: Reach, on: date) -> None:
    if covers(reach, part.amount, on):
        return
    used = f", of which {reach.used} were used in the last {COUNTED_DAYS} days" if reach.used else ""
    raise AboveAuthority(f"{part.label}: {part.amount} is above your limit of {reach.limit}{used}. {part.otherwise}")


@transaction.atomic
def return_authority(*, by: User, use: AuthorityUse, returned_on: date, reason: str) -> AuthorityReturn:
    """Give back what was used of a limit, because what it decided is undone.

    The permission is the calling action's: whoever may undo a thing gives its authority back to whoever decided on it.
    """
    returned, is_new = AuthorityReturn.objects.get_or_create(
        use=use, defaults={"on": max(returned_on, use.on), "reason": reason[:200], "returned_by": by}
    )
    if is_new:
        after = {"person": use.person.name, "amount": use.amount, "currency": use.currency}
        audit(by, "authority.returned", use, entity=use.entity, after=after, reason=reason)
    return returned
