"""The base of the REST API: tokens with scopes, idempotency keys, pages, and refusals as 409 with a code.

A token acts as its person and never beyond what that person may do; its scopes narrow that further. A room's view set
names its `scope` (such as “customers”): reading takes “customers:read”, everything else “customers:write”.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from core.errors import NotAllowed, Refused
from core.idempotency import AnsweredBefore, IdempotencyMixin
from core.models import LegalEntity, User
from core.permissions import entities_of, require_somewhere
from core.tokens import HasScope

EVERYWHERE = ("entity", "cursor", "page_size", "format")


class Pages(CursorPagination):
    """Stable pages of 100, up to 1,000, by id."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"
    ordering = "pk"


class Api(IdempotencyMixin):
    """Mix into every API view: authentication, scope, pages and entity are the same everywhere."""

    scope: ClassVar[str]
    filters: ClassVar[Iterable[str]] = ()
    """What may be asked in the address, beside the company and the page."""
    asks: ClassVar[Mapping[str, str]] = {}
    """The permission that each writing action takes, asked before anything is said about the request's content."""
    permission_classes: Any = (HasScope,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse whoever may not do such a thing in any company; the action asks for the one that it is about."""
        super().initial(request, *args, **kwargs)
        self._refuse_unknown(request)
        if permission := self.asks.get(getattr(self, "action", ""), ""):
            require_somewhere(cast(User, request.user), permission)

    def _refuse_unknown(self, request: Request) -> None:
        """A filter that is misspelt would answer with everything."""
        known = {*EVERYWHERE, *self.filters}
        if request.method == "GET" and (unknown := sorted(set(request.query_params) - known)):
            may = ", ".join(sorted(known))
            raise ValidationError({name: [f"Nothing can be asked by {name}; choose of {may}."] for name in unknown})

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


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema tells programs to send their token."""

    target_class = "core.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token by HTTP’s own scheme."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "o2c_…"}


def no_such_address(request: HttpRequest, rest: str) -> JsonResponse:
    """Programs get their 404 as they get everything else."""
    message = f"There is no {request.path}. {reverse('api-docs')} lists what there is."
    return JsonResponse({"code": "not_found", "message": message}, status=status.HTTP_404_NOT_FOUND)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: refusals are 409 (403 where a role is missing) with code and message."""
    if isinstance(error, AnsweredBefore):
        return Response(error.record.answer, status=error.record.status or 200, headers={"Idempotent-Replay": "true"})
    if isinstance(error, NotAllowed):
        return Response({"code": error.code, "message": error.message}, status=status.HTTP_403_FORBIDDEN)
    if isinstance(error, Refused):
        return Response({"code": error.code, "message": error.message}, status=status.HTTP_409_CONFLICT)
    return exception_handler(error, context)
