"""What the frame of every page needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple

from django import template
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.errors import NotAllowed
from core.models import LegalEntity, User
from core.navigation import SETTINGS, Room, Section, open_rooms, sections
from core.pages import Page, page_of

register = template.Library()


class DateChoice(NamedTuple):
    """A date that the as-at menu offers, with the address that shows it."""

    label: str
    on: date
    url: str


def month_ends(today: date) -> list[tuple[str, date]]:
    """The last day of the two months before, and of the year before."""
    last = today.replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    year = date(today.year - 1, 12, 31)
    ends = [(f"End of {last:%B}", last), (f"End of {before:%B}", before)]
    return [*ends, (f"End of {year.year}", year)] if year not in (last, before) else ends


@dataclass
class Shell:
    """The frame for one person on one page."""

    user: User
    page: Page | None = None
    sections: list[Section] = field(default_factory=list)
    settings: tuple[Room, ...] = ()
    phone: list[Room] = field(default_factory=list)
    path: str = "/"

    @property
    def commands(self) -> list[Room]:
        """Every page that the palette offers."""
        return [*(room for section in self.sections for room in section.rooms), *self.settings]

    @property
    def entity(self) -> LegalEntity | None:
        """The chosen company; none for a person who holds no role yet."""
        return self.page.entity if self.page else None

    @property
    def carry(self) -> str:
        """What a link takes along, so that a past date stays chosen from page to page."""
        return f"?as_at={self.page.as_at:%Y-%m-%d}" if self.page and not self.page.is_live else ""

    @property
    def today_url(self) -> str:
        """This page for today."""
        return self.page.url(as_at=None, page=None) if self.page else ""

    @property
    def dates(self) -> list[DateChoice]:
        """Dates that people mostly ask for: today and the last month ends."""
        if self.page is None:
            return []
        ends = [("Today", self.page.today), *month_ends(self.page.today)]
        return [DateChoice(label, on, self.page.url(as_at=on.isoformat(), page=None)) for label, on in ends]

    @property
    def search_url(self) -> str:
        """Where the palette asks for documents, for those who may see some."""
        return address_of("reporting:search") if self.page and self.page.may("reporting.view") else ""

    @property
    def room_url(self) -> str:
        """Where a change of company leads: into the same room, since this document belongs to the present one."""
        return self.current or reverse("core:start")

    @property
    def counts_url(self) -> str:
        """Where the figures beside the rooms come from."""
        return address_of("reporting:queue_counts")

    @cached_property
    def open_sections(self) -> set[str]:
        """Sections that are unfolded before somebody folds them: what is needed daily, and where one is."""
        return {each.label for each in self.sections if each.starts_open or each.holds(self.current)}

    @cached_property
    def current(self) -> str:
        """The room that this page belongs to: the longest address that this one starts with."""
        rooms = {room.url: room.url for section in self.sections for room in section.rooms}
        inside = {room.url: address_of("core:settings") for room in self.settings}
        above = [url for url in {**inside, **rooms} if self.path == url or (url != "/" and self.path.startswith(url))]
        return {**inside, **rooms}.get(max(above, key=len, default=""), "")


def address_of(url_name: str) -> str:
    """The address of a page, or nothing while there is no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def shell(context: template.Context) -> Shell | None:
    """The frame, for people who are signed in."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if request is None or not isinstance(user, User):
        return None
    page = getattr(request, "page", None) or page_of(request)
    try:
        menu = sections(page)
    except NotAllowed:
        return Shell(user=user, path=request.path)
    rooms = [room for section in menu for room in section.rooms]
    return Shell(
        user=user,
        page=page,
        sections=menu,
        settings=open_rooms(SETTINGS, page),
        phone=[room for room in rooms if room.on_phone],
        path=request.path,
    )


@register.filter
def count_id(url_name: str) -> str:
    """The id of the figure beside a room in the menu."""
    return "count-" + url_name.replace(":", "-").replace("_", "-")


@register.filter
def opens(url_name: str) -> str:
    """The address of a page, or nothing while there is no such page."""
    return address_of(url_name)


@register.simple_tag(takes_context=True)
def allowed(context: template.Context, permission: str) -> bool:
    """Whether to show a button; the action itself checks again."""
    page: Page = context["page"]
    return page.may(permission)


@register.simple_tag
def years_beside(year: int) -> list[int]:
    """The years before and after one."""
    return [year - 1, year + 1]


@register.simple_tag(takes_context=True)
def kept_query(context: template.Context, *without: str) -> list[tuple[str, Any]]:
    """This address's parameters except some, as hidden fields of a form that changes those."""
    request = context["request"]
    return [(name, value) for name, value in request.GET.items() if name not in without]


HTMX_CONFIG: Final = (
    '{"includeIndicatorStyles":false,"allowEval":false,"disableInheritance":true,"selfRequestsOnly":true,'
    '"defaultSettleDelay":0,"historyCacheSize":0,"refreshOnHistoryMiss":true,"scrollIntoViewOnBoost":false,"attributesToSettle":["class"],'
    '"responseHandling":['
    '{"code":"204","swap":false},{"code":"2..","swap":true},{"code":"286","swap":true},'
    '{"code":"409","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}'
)


@register.simple_tag
def htmx_config() -> SafeString:
    """How htmx works here: no injected or copied styles, nothing evaluated, no pages kept in the browser's storage.

    What was swapped in works at once: in a pause before it settles, a form sent by a key would leave the page.
    By itself htmx copies the style attribute of an element onto its successor, and the policy forbids writing one.
    """
    return format_html('<meta name="htmx-config" content="{}">', HTMX_CONFIG)
