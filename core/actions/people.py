"""People, their roles and the tokens of programs that act for them."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from core import clock
from core.audit import audit, changes
from core.errors import NotAllowed, Refused
from core.models import ApiToken, LegalEntity, RoleGrant, User
from core.permissions import require
from core.roles import ROLE_NAMES, excluded_duties
from core.tokens import digest_of

PREFERENCES = frozenset({"theme", "density", "single_keys"})


class DutiesExclude(Refused):
    """The roles together would put duties into one hand that must stay apart."""

    code = "duties_exclude"


class PersonRefused(Refused):
    """The address is taken, or the role isn't one that can be given."""

    code = "person_refused"


@transaction.atomic
def create_person(*, by: User, entity: LegalEntity, email: str, name: str, role: str, **fields: Any) -> User:
    """Let a person in, with a first role in an entity. Who is new chooses a password by the reset link."""
    require(by, "core.change_person", entity)
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        return _let_in(by, entity, known, role)

    person = User.objects.create_user(email, fields.pop("password", None), name=name, **fields)
    person.full_clean(exclude={"password"})

    audit(by, "person.created", person, entity=entity, after={"email": person.email, "name": name})
    grant_role(by=by, person=person, entity=entity, role=role)
    return person


def _let_in(by: User, entity: LegalEntity, known: User, role: str) -> User:
    """A person of another company gets a role here as well, and keeps name and password."""
    if entity.pk in known.roles_by_entity:
        raise PersonRefused(f"{known.email} already belongs to {known.name}. Give them the role on their page.")
    if not known.is_active:
        raise PersonRefused(f"{known.name} may not sign in. An administrator of their company has to let them first.")
    grant_role(by=by, person=known, entity=entity, role=role)
    return known


@transaction.atomic
def change_person(*, by: User, entity: LegalEntity, person: User, **fields: Any) -> User:
    """Change a person's name, job title or whether they may sign in."""
    require(by, "core.change_person", entity)
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.is_system or entity.pk not in person.roles_by_entity:
        raise NotAllowed(f"{person.name} holds no role in {entity.name}, so they are not changed from here.")
    if person == by and fields.get("is_active") is False:
        raise Refused("You can't lock yourself out. Ask another administrator.")

    before, after = changes(person, fields)
    if after and not all("core.change_person" in by.permissions_in(pk) for pk in person.roles_by_entity):
        raise Refused(
            f"{person.name} works in another company, too, that you don't administer. "
            f"End their roles in {entity.name} instead."
        )
    for name, value in fields.items():
        setattr(person, name, value)
    person.full_clean(exclude={"password"})
    person.save(update_fields=list(fields))

    if after:
        audit(by, "person.changed", person, entity=entity, before=before, after=after)
    return person


@transaction.atomic
def change_password_of(*, by: User, person: User, password: str) -> None:
    """Set one's own new password."""
    if by != person and not by.is_system:
        raise NotAllowed("Only you can set your password. Others are sent a reset link.")
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit(by, "person.password_changed", person, entity=None)


@transaction.atomic
def change_preferences(*, by: User, **preferences: Any) -> User:
    """Keep how a person likes their screen; it concerns nobody else and is not audited."""
    unknown = set(preferences) - PREFERENCES
    if unknown:
        raise Refused(f"{', '.join(sorted(unknown))}: there is no such preference.")
    for name, value in preferences.items():
        setattr(by, name, value)
    by.full_clean(exclude={"password"})
    by.save(update_fields=list(preferences))
    return by


@transaction.atomic
def grant_role(*, by: User, person: User, entity: LegalEntity, role: str) -> RoleGrant:
    """Give a person a role in an entity, unless duties would meet that exclude each other."""
    require(by, "core.grant_role", entity)
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if role not in ROLE_NAMES or role == "system" or person.is_system:
        raise PersonRefused(f"“{role}” is not a role that can be given.")
    held = person.roles_by_entity.get(entity.pk, set())
    if role in held:
        return RoleGrant.objects.get(user=person, entity=entity, role=role, ended_at=None)
    if pairs := excluded_duties(held | {role}):
        raise DutiesExclude(
            f"{person.name} can't be {ROLE_NAMES[role]} in {entity.name} as well: "
            f"one person would hold {' and '.join(pairs)}. End another role first."
        )

    grant = RoleGrant.objects.create(user=person, entity=entity, role=role, granted_by=by)

    audit(by, "role.granted", grant, entity=entity, after={"person": person.email, "role": role})
    return grant


@transaction.atomic
def revoke_role(*, by: User, grant: RoleGrant, reason: str = "") -> RoleGrant:
    """End a role; what the person did with it stays on record."""
    require(by, "core.revoke_role", grant.entity)
    grant = RoleGrant.objects.select_for_update(no_key=True).get(pk=grant.pk)
    if grant.ended_at is not None:
        return grant

    grant.ended_at, grant.ended_by = clock.now(), by
    grant.save(update_fields=["ended_at", "ended_by"])

    audit(by, "role.revoked", grant, entity=grant.entity, before={"role": grant.role}, reason=reason)
    return grant


@transaction.atomic
def issue_token(*, by: User, name: str, scopes: list[str], expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """Make a token by which a program acts as you, within the scopes. The secret is shown this once."""
    if not scopes:
        raise Refused("Choose at least one scope for the token.")
    secret = f"o2c_{secrets.token_urlsafe(32)}"
    token = ApiToken(user=by, name=name, digest=digest_of(secret), hint=secret[-4:], scopes=sorted(set(scopes)))
    token.expires_at = expires_at
    token.full_clean()
    token.save(force_insert=True)

    audit(by, "token.issued", token, entity=None, after={"scopes": token.scopes})
    return token, secret


@transaction.atomic
def revoke_token(*, by: User, token: ApiToken) -> ApiToken:
    """End a token at once."""
    if token.user != by:
        raise NotAllowed(f"{token.name} is somebody else's token.")
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        audit(by, "token.revoked", token, entity=None)
    return token
