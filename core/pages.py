"""What every page of the portal knows: who asks, for which company, as at which date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone

from core import clock
from core.errors import NotAllowed
from core.forms import DayField
from core.models import LegalEntity, User
from core.permissions import entities_of, may, require

SESSION_KEY = "entity"
View = Callable[..., HttpResponseBase]


@dataclass
class Page:
    """The frame of one request: person, company and date. `?entity=` and `?as_at=` in the address decide."""

    request: HttpRequest
    by: User

    @cached_property
    def entities(self) -> list[LegalEntity]:
        """Companies in which the person holds a role."""
        return list(entities_of(self.by))

    @cached_property
    def entity(self) -> LegalEntity:
        """The chosen company: by the address, else as last time, else the first."""
        if not self.entities:
            raise NotAllowed("You hold no role in any company yet. Ask an administrator for one.")
        asked = self.request.GET.get("entity", "").upper()
        by_code = {entity.code: entity for entity in self.entities}
        if asked and asked not in by_code:
            raise Http404(f"There is no company {asked}, or you have no role in it.")
        first = min(self.entities, key=lambda entity: entity.pk)
        chosen = by_code.get(asked or self.request.session.get(SESSION_KEY, ""), first)
        if asked:
            self.request.session[SESSION_KEY] = chosen.code
        return chosen

    @cached_property
    def today(self) -> date:
        """The chosen company's day."""
        return clock.today(self.entity)

    @cached_property
    def as_at(self) -> date:
        """The date for which the page speaks; today unless the address says otherwise."""
        try:
            day = date.fromisoformat(self.request.GET.get("as_at", ""))
        except ValueError:
            return self.today
        return day if DayField.FIRST <= day <= DayField.LAST else self.today

    @property
    def is_live(self) -> bool:
        """Whether the page speaks for today."""
        return self.as_at == self.today

    def may(self, permission: str) -> bool:
        """Whether the person may do something in the chosen company; for hiding buttons, never as the check."""
        return may(self.by, permission, self.entity)

    def ask_first(self, permission: str, entity: LegalEntity | None = None) -> None:
        """Refuse a POST by who may not do it in the chosen company, or the row's, before its form is read."""
        if self.request.method == "POST":
            require(self.by, permission, entity or self.entity)

    def url(self, **changed: Any) -> str:
        """This address with some of its parameters changed; None takes one away."""
        query = {**self.request.GET.dict(), **changed}
        return "?" + urlencode({name: value for name, value in query.items() if value is not None})


class PageRequest(HttpRequest):
    """A request that went through `staff_page`."""

    page: Page
    htmx: Any


def page_of(request: HttpRequest) -> Page:
    """The page of a request by somebody who is signed in."""
    return Page(request, cast(User, request.user))


def staff_page(permission: str) -> Callable[[View], View]:
    """Let in who is signed in and holds the permission in the chosen company; the view finds `request.page`.

    Days and times on the page are those at the company's seat.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def wrapped(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.page = page_of(request)
            require(request.page.by, permission, request.page.entity)
            with timezone.override(request.page.entity.zone):
                return view(request, *args, **kwargs)

        wrapped.permission = permission  # type: ignore[attr-defined]
        return wrapped

    return decorate


def leads_somewhere(address: str, *, by: User, entity: LegalEntity) -> bool:
    """Whether a link of ours opens a page for somebody, and no refusal."""
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return False
    permission = getattr(view, "permission", "")
    return not permission or may(by, permission, entity)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `page` for every template, where somebody is signed in."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {"page": getattr(request, "page", None) or page_of(request)}
