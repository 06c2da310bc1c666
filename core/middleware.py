"""What happens around every request: its id, the session's end inside an htmx swap, and what can't be as pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers

from core import request_id
from core.errors import NotAllowed, Refused

Handler = Callable[[HttpRequest], HttpResponse]
NOT_THAT_WAY = 405


class RequestIdMiddleware:
    """Give every request an id, or keep the one that the proxy gave it, and answer with it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request_id.begin(request.headers.get("X-Request-Id", ""))
        response = self.get_response(request)
        response["X-Request-Id"] = given
        return response


class HtmxMiddleware:
    """Turn a redirect to the login page into a full page load, and keep fragments and pages apart in caches."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        target = response.get("Location", "")
        if request.headers.get("HX-Request") and response.status_code == 302 and "/account/login/" in target:
            moved = HttpResponse(status=204)
            moved["HX-Redirect"] = target
            return moved
        return response


class RefusalMiddleware:
    """Show a refusal that no form caught as a page with its sentence."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 403 where a role is missing, 409 for every other refusal."""
        if not isinstance(error, Refused):
            return None
        status = 403 if isinstance(error, NotAllowed) else 409
        return render(request, "core/refused.html", {"refusal": error, "status": status}, status=status)


class WrongMethodMiddleware:
    """Show a page where somebody typed the address of a button, which has none; programs get the bare 405."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_read = "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/")
        if response.status_code != NOT_THAT_WAY or not is_read:
            return response
        context = {"is_step": "GET" not in response["Allow"], "above": page_above(request.path)}
        page = render(request, "core/wrong_method.html", context, status=NOT_THAT_WAY)
        page["Allow"] = response["Allow"]
        return page


def page_above(path: str) -> str:
    """The nearest address above this one at which there is something; empty where there is nothing."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:length])}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return ""
