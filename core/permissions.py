"""May this person do that in this entity? Asked on the first line of every action."""

from django.db.models import QuerySet

from core.errors import NotAllowed
from core.models import LegalEntity, User
from core.roles import ROLE_NAMES, ROLES


def may(by: User, permission: str, entity: LegalEntity) -> bool:
    """Whether one of the person's roles in the entity gives the permission."""
    return permission in by.permissions_in(entity.pk)


def require(by: User, permission: str, entity: LegalEntity) -> None:
    """Raise NotAllowed, naming the roles that could do it, unless the person may."""
    if may(by, permission, entity):
        return
    able = [ROLE_NAMES[role] for role, given in ROLES.items() if permission in given and role != "system"]
    verb = permission.partition(".")[2].replace("_", " ")
    raise NotAllowed(
        f"{by.name} may not {verb} in {entity.name}. It takes the role {' or '.join(able) or 'of the system'}."
    )


def entities_of(by: User) -> QuerySet[LegalEntity]:
    """Active entities that the person holds a role in."""
    return LegalEntity.objects.filter(pk__in=by.entity_ids(), is_active=True)


def system_user() -> User:
    """The user as which scheduled work acts."""
    return User.objects.get(is_system=True)
