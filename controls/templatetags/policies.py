"""The link from a screen to the policy that governs it."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from controls.models import Policy
from controls.policies import GOVERNED, as_html, names_of
from controls.queries.policies import policies_of_screen
from core.templatetags.o2c import icon

register = template.Library()
register.filter("as_html", as_html)


@register.simple_tag(takes_context=True)
def policy_link(context: dict[str, Any]) -> SafeString:
    """“Policy”, where one is written for the screen; with a mark while the person hasn't read what is in force."""
    request: HttpRequest | None = context.get("request")
    page, match = context.get("page"), request.resolver_match if request else None
    if page is None or match is None or match.view_name not in GOVERNED or not page.entities:
        return SafeString("")
    if not page.may("controls.view"):
        return SafeString("")
    found = policies_of_screen(page.entity, page.by, match.view_name)
    if not found:
        return SafeString("")
    is_read = all(policy.is_read for policy in found) or not page.may("controls.confirm_reading")  # type: ignore[attr-defined]
    where = reverse("controls:policy", args=[found[0].pk]) if len(found) == 1 else f"{reverse('controls:policies')}"
    mark = "" if is_read else mark_safe(' <span class="pill is-warn">new</span>')  # noqa: S308 - our own words
    return format_html('<a class="btn" href="{}">{}Policy{}</a>', where, icon("book-open"), mark)


@register.filter
def screen_names(policy: Policy) -> str:
    """The screens that a policy governs, in words."""
    return ", ".join(names_of(policy.screens))
