"""Where the mail provider tells what became of mails. No login: the provider shows the secret that it was given."""

import json

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.permissions import system_user
from messaging.actions import record_report
from messaging.providers import PROVIDERS, reports_of


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def email_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """Take in a provider's events, each once. Without a secret in the settings there is no such address."""
    if provider not in PROVIDERS or not settings.EMAIL_HOOK_SECRET:
        raise Http404("There is no such page.")
    if request.method == "HEAD":
        return HttpResponse()
    try:
        reports = list(reports_of(provider, request))
    except SuspiciousOperation:
        return HttpResponse("The secret is missing or wrong.", status=403, content_type="text/plain")
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError):
        return HttpResponse("This is no event of the provider.", status=400, content_type="text/plain")
    for report in reports:
        record_report(by=system_user(), report=report)
    return HttpResponse()
