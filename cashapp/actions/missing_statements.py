"""Telling whoever takes statements in that one is missing: once a day for each account, on business days."""

from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.urls import reverse

from cashapp.messages import MISSING
from cashapp.queries.bank_days import missing_statements
from cashapp.queries.payments import hours_of
from core.models import BankAccount, LegalEntity, User
from core.permissions import require
from core.roles import ROLES
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.recipients import Recipients

TAKES_IN = "cashapp.import_statement"


@transaction.atomic
def tell_of_missing_statements(*, by: User, entity: LegalEntity, at: datetime) -> list[Message]:
    """Write to whoever may import statements which days of which account no statement covers.

    Nothing is written on a day off of the company, nor before its payments team begins to work.
    """
    require(by, "cashapp.tell_of_missing_statements", entity)
    hours = hours_of(entity)
    if not hours.has_begun(at):
        return []

    today = hours.day_of(at)
    missing = sorted(missing_statements(entity, today), key=lambda each: each.account.pk)
    people = list(_who_takes_in(entity))
    drafts = [
        _draft(entity, account, f"{today}", person)
        for account, _ in groupby(missing, key=lambda each: each.account)
        for person in people
    ]
    return queue_messages(by=by, drafts=drafts) if drafts else []


def _who_takes_in(entity: LegalEntity) -> list[User]:
    roles = [role for role, given in ROLES.items() if TAKES_IN in given]
    held = User.objects.filter(
        role_grants__entity=entity, role_grants__role__in=roles, role_grants__ended_at=None, is_active=True
    )
    return list(held.filter(is_system=False).distinct().order_by("pk"))


def _draft(entity: LegalEntity, account: BankAccount, day: str, person: User) -> Draft:
    return Draft(
        kind=MISSING,
        key=f"{account.pk}:{day}:{person.pk}",
        customer=None,
        entity=entity,
        recipients=Recipients(to=(person.email,), name=person.name),
        document=account.name[:80],
        document_url=reverse("cashapp:bank_days"),
        context={"account": account.pk},
    )
