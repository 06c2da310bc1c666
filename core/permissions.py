"""May this person do that in this entity? Asked on the first line of every action."""

from django.db.models import QuerySet

from core.errors import NotAllowed
from core.models import LegalEntity, RoleGrant, User
from core.permission_words import in_words
from core.roles import ROLE_NAMES, ROLES, excluded_duties


def may(by: User, permission: str, entity: LegalEntity) -> bool:
    """Whether one of the person's roles in the entity gives the permission."""
    return permission in by.permissions_in(entity.pk)


def require(by: User, permission: str, entity: LegalEntity) -> None:
    """Raise NotAllowed, naming the roles that could do it, unless the person may.

    Duties that exclude each other are refused when a role is given; whoever came to hold both all the same acts on
    neither until one role is ended.
    """
    if may(by, permission, entity):
        _refuse_mixed_duties(by, permission, entity)
        return
    raise _refusal(permission, entity.name)


def require_somewhere(by: User, permission: str) -> None:
    """Raise NotAllowed where no company is named yet and the person may do it in none."""
    if not by.entity_ids(permission):
        raise _refusal(permission, "any company")


def _refusal(permission: str, where: str) -> NotAllowed:
    able = [ROLE_NAMES[role] for role, given in ROLES.items() if permission in given and role != "system"]
    whose = f"Roles that may: {', '.join(able)}. Ask an administrator." if able else "Only o2c itself does that."
    return NotAllowed(f"You may not {in_words(permission)} in {where}. {whose}")


def _refuse_mixed_duties(by: User, permission: str, entity: LegalEntity) -> None:
    roles = by.roles_by_entity.get(entity.pk, set())
    if len(roles) > 1 and (pairs := excluded_duties(roles, permission)):
        raise NotAllowed(
            f"You hold duties in {entity.name} that exclude each other: {'; '.join(pairs)}. "
            "An administrator has to end one of the roles first."
        )


def people_who_may(permission: str, entity: LegalEntity) -> QuerySet[User]:
    """Active people one of whose roles in an entity gives a permission, by name; in one statement."""
    roles = [role for role, given in ROLES.items() if permission in given and role != "system"]
    held = RoleGrant.objects.filter(entity=entity, role__in=roles, ended_at=None)
    return User.objects.filter(pk__in=held.values("user"), is_active=True, is_system=False).order_by("name", "pk")


def entities_of(by: User) -> QuerySet[LegalEntity]:
    """Active entities that the person holds a role in."""
    return LegalEntity.objects.filter(pk__in=by.entity_ids(), is_active=True)


def system_user() -> User:
    """The user as which scheduled work acts."""
    return User.objects.get(is_system=True)
