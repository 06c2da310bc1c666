"""People, what they may do in which entity, and the tokens by which programs act for them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Now

from core.models.entities import LegalEntity
from core.roles import ROLE_NAMES, permissions_of
from core.scoping import ScopedModel

SYSTEM_EMAIL = "system@o2c.invalid"


class UserManager(BaseUserManager["User"]):
    """Makes people by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person; without a password they can only come in by a reset link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person who can open new companies; they hold no role in any entity."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person however they type their address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works here, or the system itself."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the computer"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", "Comfortable, two lines a row"
        COMPACT = "compact", "Compact, one line a row"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_system = models.BooleanField(default=False, editable=False)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density, default=Density.COMFORTABLE)
    single_keys = models.BooleanField(default=True, help_text="Work with single keys such as J and K.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("is_system",), condition=models.Q(is_system=True), name="one_system_user"),
        )

    def __str__(self) -> str:
        return self.name

    @cached_property
    def roles_by_entity(self) -> dict[int, set[str]]:
        """Role names by entity id, read once per loaded person."""
        roles: dict[int, set[str]] = {}
        for entity_id, role in RoleGrant.objects.filter(user=self, ended_at=None).values_list("entity_id", "role"):
            roles.setdefault(entity_id, set()).add(role)
        return roles

    def permissions_in(self, entity_id: int) -> frozenset[str]:
        """What this person may do in an entity. The system user works in all of them."""
        if self.is_system:
            return permissions_of({"system"})
        return permissions_of(self.roles_by_entity.get(entity_id, set())) if self.is_active else frozenset()

    def entity_ids(self, permission: str = "") -> models.QuerySet[Any, Any] | list[int]:
        """Entities that this person may see; with a permission, only those in which a role of theirs gives it."""
        if self.is_system:
            return LegalEntity.objects.values("pk")
        held = list(self.roles_by_entity) if self.is_active else []
        return [pk for pk in held if not permission or permission in self.permissions_in(pk)]

    @property
    def initials(self) -> str:
        """Two letters for the corner of the screen."""
        words = self.name.split() or [self.email]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


class RoleGrant(ScopedModel):
    """A role that a person holds, or held, in an entity. Ended, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants")
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=list(ROLE_NAMES.items()))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("entity", "user", "role")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "entity", "role"), condition=models.Q(ended_at=None), name="a_role_is_held_once"
            ),
            models.CheckConstraint(condition=~models.Q(role="system"), name="the_system_role_is_not_granted"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} in {self.entity}"


class ApiToken(models.Model):
    """A key by which a program acts as a person, within scopes. Only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80, help_text="What uses it, such as “Nightly export”.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False, help_text="Its last letters, to tell tokens apart.")
    scopes = models.JSONField(default=list, help_text="Such as customers:read, invoices:write.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"


class IdempotencyRecord(models.Model):
    """The first answer to a request that carried an idempotency key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=128)
    content_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="an_idempotency_key_is_used_once"),)

    def __str__(self) -> str:
        return self.key


class SavedView(models.Model):
    """Filters, columns and order of a list, kept under a name as a query string."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60, help_text="URL name of the list.")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    is_shared = models.BooleanField(default=False)

    class Meta:
        ordering = ("page", "name")
        constraints = (models.UniqueConstraint(fields=("user", "page", "name"), name="one_saved_view_of_a_name"),)

    def __str__(self) -> str:
        return self.name
