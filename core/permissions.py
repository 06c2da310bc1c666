"""May this person do that in this entity? Asked on the first line of every action."""

from django.db.models import QuerySet

from core.errors import NotAllowed
from core.models import LegalEntity, User
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
    able = [ROLE_NAMES[role] for role, given in ROLES.items() if permission in given and role != "system"]
    verb = permission.partition(".")[2].replace("_", " ")
    raise NotAllowed(
        f"{by.name} may not {verb} in {entity.name}. It takes the role {' or '.join(able) or 'of the system'}."
    )


def _refuse_mixed_duties(by: User, permission: str, entity: LegalEntity) -> None:
    roles = by.roles_by_entity.get(entity.pk, set())
    if len(roles) > 1 and (pairs := excluded_duties(roles, permission)):
        raise NotAllowed(
            f"{by.name} holds duties in {entity.name} that exclude each other: {'; '.join(pairs)}. "
            "An administrator has to end one of the roles first."
        )


def entities_of(by: User) -> QuerySet[LegalEntity]:
    """Active entities that the person holds a role in."""
    return LegalEntity.objects.filter(pk__in=by.entity_ids(), is_active=True)


def system_user() -> User:
    """The user as which scheduled work acts."""
    return User.objects.get(is_system=True)
