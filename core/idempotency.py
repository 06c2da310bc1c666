"""Same `Idempotency-Key` and content: the first answer again. Same key, other content: refused."""

import hashlib
import json
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from core.errors import SameKeyOtherContent
from core.models import IdempotencyRecord, User


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
    body = _form_content(request) if str(request.content_type).startswith("multipart/") else request.body
    content = b"\n".join([str(request.method).encode(), request.get_full_path().encode(), body])
    return hashlib.sha256(content).hexdigest()


def _form_content(request: Request) -> bytes:
    """What a form with files says: its parts, because the marks between them are others at every sending."""
    parts = [f"{name}={value}".encode() for name in sorted(request.POST) for value in request.POST.getlist(name)]
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
            parts.append(f"{name}={file.name}:{digest.hexdigest()}".encode())
    return b"\n".join(parts)
