"""Where providers call us, without a login: GoCardless signs what it sends, Access PaySuite has a secret address."""

from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.permissions import system_user
from directdebit.actions.providers import record_hints
from directdebit.models import Creditor, ProviderHint
from directdebit.providers.callbacks import NotACallback, callbacks_in, token_of
from directdebit.providers.gocardless import scheme_code
from directdebit.providers.webhooks import NotAnEvent, events_in, is_signed

LARGEST_BODY = 1024 * 1024
WRONG_SIGNATURE = 498


@csrf_exempt
@require_POST
def access_paysuite_hook(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Keep which objects changed and answer at once; they are asked for afterwards."""
    creditor = _creditor(code, Creditor.Provider.ACCESS_PAYSUITE)
    if not compare_digest(token, token_of(creditor.code, settings.SECRET_KEY)):
        raise Http404("There is no such page.")
    body = _body(request)
    if body is None:
        return _plain("This is more than a callback.", 413)
    try:
        told = list(callbacks_in(body))
    except NotACallback as error:
        return _plain(str(error), 400)
    hints = [
        ProviderHint(
            creditor=creditor,
            key=one.key,
            about=one.about,
            resource=one.identifier,
            action=one.status,
            codes=one.codes,
            code=one.code,
        )
        for one in told
    ]
    record_hints(by=system_user(), creditor=creditor, hints=hints)
    return HttpResponse()


@csrf_exempt
@require_POST
def gocardless_hook(request: HttpRequest, code: str) -> HttpResponse:
    """Take in the events of a webhook, each once, if its signature is right."""
    creditor = _creditor(code, Creditor.Provider.GOCARDLESS)
    body = _body(request)
    if body is None:
        return _plain("This is more than a webhook.", 413)
    secret = settings.DIRECT_DEBIT_HOOK_SECRETS.get(creditor.code, "")
    if not is_signed(body, request.headers.get("Webhook-Signature", ""), secret):
        return _plain("The signature is missing or wrong.", WRONG_SIGNATURE)
    try:
        hints = [_hint(creditor, event) for event in events_in(body)]
    except NotAnEvent as error:
        return _plain(str(error), 400)
    record_hints(by=system_user(), creditor=creditor, hints=hints)
    return HttpResponse()


def _hint(creditor: Creditor, event: Any) -> ProviderHint:
    codes, code = scheme_code(event.scheme, event.reason)
    return ProviderHint(
        creditor=creditor,
        key=event.identifier,
        about=event.resource_type.removesuffix("s"),
        resource=event.resource,
        action=event.action,
        codes=codes if code else "",
        code=code,
    )


def _creditor(code: str, provider: str) -> Creditor:
    found = Creditor.objects.select_related("entity").filter(code=code, provider=provider, is_active=True).first()
    if found is None:
        raise Http404("There is no such page.")
    return found


def _body(request: HttpRequest) -> bytes | None:
    """The raw body, which the signature is over; nothing where it is too large."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > LARGEST_BODY:
        return None
    body = request.read(LARGEST_BODY + 1)
    return body if len(body) <= LARGEST_BODY else None


def _plain(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain")
