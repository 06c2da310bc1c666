"""The base of the REST API: tokens with scopes, idempotency keys, pages, and refusals as 409 with a code.

A token acts as its person and never beyond what that person may do; its scopes narrow that further. A room's view set
names its `scope` (such as “customers”): reading takes “customers:read”, everything else “customers:write”.
"""

import hashlib
import json
from typing import Any, ClassVar, cast

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from rest_framework import status
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView, exception_handler

from core import clock
from core.actions.people import digest_of
from core.errors import NotAllowed, Refused, SameKeyOtherContent
from core.models import ApiToken, IdempotencyRecord, LegalEntity, User
from core.permissions import entities_of

SCOPES = [
    f"{room}:{verb}"
    for room in ("customers", "invoices", "credit_notes", "receipts", "allocations", "open_items", "ageing")
    for verb in ("read", "write")
]


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


class Pages(CursorPagination):
    """Stable pages of 100, up to 1,000, by id."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"
    ordering = "pk"


class IdempotencyMixin:
    """Answers a repeated `Idempotency-Key` with the first answer; the same key with other content is refused."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Run the whole request in one transaction, so that answer and effect are kept together or not at all."""
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            if response.status_code >= status.HTTP_400_BAD_REQUEST:
                transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After authentication: claim the key, or stop with the first answer."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method in SAFE_METHODS:
            return
        if len(key) > 128:
            raise ValidationError("Idempotency-Key: at most 128 characters.")
        self._claim(cast(User, request.user), key, _content_hash(request))

    def _claim(self, by: User, key: str, content_hash: str) -> None:
        try:
            with transaction.atomic():
                self._record = IdempotencyRecord.objects.create(user=by, key=key, content_hash=content_hash)
        except IntegrityError:
            first = IdempotencyRecord.objects.get(user=by, key=key)
            if first.content_hash != content_hash:
                raise SameKeyOtherContent(f"The Idempotency-Key {key} was used for another request.") from None
            raise AnsweredBefore(first) from None

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Keep the answer beside its key."""
        done: Response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        record: IdempotencyRecord | None = getattr(self, "_record", None)
        if record is not None and done.status_code < status.HTTP_400_BAD_REQUEST:
            keep_answer(record, done)
        return done


def keep_answer(record: IdempotencyRecord, response: Response) -> None:
    """Store the rendered answer so that a repeat gets the same."""
    record.status = response.status_code
    record.answer = jsonable(response.data)
    record.save(update_fields=["status", "answer"])


def jsonable(data: Any) -> Any:
    """The answer as plain JSON values, as the renderer would write it."""
    return json.loads(json.dumps(data, cls=JSONEncoder))


class AnsweredBefore(Exception):
    """Carries the first answer to the exception handler."""

    def __init__(self, record: IdempotencyRecord) -> None:
        super().__init__(record.key)
        self.record = record


def _content_hash(request: Request) -> str:
    content = b"\n".join([str(request.method).encode(), request.get_full_path().encode(), request.body])
    return hashlib.sha256(content).hexdigest()


class Api(IdempotencyMixin):
    """Mix into every API view: authentication, scope, pages and entity are the same everywhere."""

    scope: ClassVar[str]
    permission_classes = (HasScope,)

    def entity(self) -> LegalEntity:
        """The company named by `?entity=` or in the body; may be left out where the person has only one."""
        request: Request = cast(APIView, self).request
        body = request.data if isinstance(request.data, dict) else {}
        given = request.query_params.get("entity") or body.get("entity", "")
        rows = list(entities_of(cast(User, request.user)))
        if not given and len(rows) == 1:
            return rows[0]
        for row in rows:
            if row.code == str(given).upper():
                return row
        raise ValidationError({"entity": [f"Name one of {', '.join(row.code for row in rows) or 'your companies'}."]})


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: refusals are 409 (403 where a role is missing) with code and message."""
    if isinstance(error, AnsweredBefore):
        return Response(error.record.answer, status=error.record.status or 200, headers={"Idempotent-Replay": "true"})
    if isinstance(error, NotAllowed):
        return Response({"code": error.code, "message": error.message}, status=status.HTTP_403_FORBIDDEN)
    if isinstance(error, Refused):
        return Response({"code": error.code, "message": error.message}, status=status.HTTP_409_CONFLICT)
    return exception_handler(error, context)
