"""API tokens: how a request proves whose it is, and what its token may be used for.

Apart from `core.api`, because Django REST framework imports its default authentication before its own views.
"""

import hashlib
from typing import Any

from django.db.models import Q
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core import clock
from core.models import ApiToken, User

ONLY_READ = ("allocations", "open_items", "ageing", "mandates")
SCOPED = (
    "customers", "contracts", "usage", "invoices", "credit_notes", "adjustments", "refunds", "receipts", "statements",
    "allocations", "open_items", "ageing", "remittances", "payments", "mandates", "calls",
)  # fmt: skip
SCOPES = [f"{room}:{verb}" for room in SCOPED for verb in ("read", "write") if verb == "read" or room not in ONLY_READ]


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer o2c_…`"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Find the token by its hash; an expired or revoked one is no token."""
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != "bearer":
            return None
        usable = ApiToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()), revoked_at=None)
        token = usable.filter(digest=digest_of(words[-1])).select_related("user").first()
        if token is None or not token.user.is_active:
            raise AuthenticationFailed("The token is unknown, expired or revoked.")
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme in a 401."""
        return "Bearer"


def note_use(token: ApiToken) -> None:
    """Remember roughly when a token was last used: once in five minutes is enough."""
    moment = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=moment - clock.FIVE_MINUTES)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=moment)


class HasScope(BasePermission):
    """The token carries the scope that the view asks for; a signed-in person needs none."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Check scope by method: safe ones read, all others write."""
        if not request.user.is_authenticated:
            return False
        if not isinstance(request.auth, ApiToken):
            return True
        verb = "read" if request.method in SAFE_METHODS else "write"
        return f"{view.scope}:{verb}" in request.auth.scopes


def digest_of(secret: str) -> str:
    """Hash by which a token is found; it is long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
