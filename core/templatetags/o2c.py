"""One filter each for money, dates and ages, and the small parts that every screen uses."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import words
from core.currencies import minor_units
from core.money import Money
from core.templatetags.charts import meter
from core.ui.icons import ICONS
from core.ui.styles import stylesheet as bundle

register = template.Library()

register.filter("day", words.day)
register.filter("age", words.age)
register.filter("clock", words.clock)


@register.filter
def money(value: Money | Decimal | int | None, currency: str = "") -> str:
    """An amount with its decimals, as in documents and forms: 1,234.50, or £1,234.50 when the currency is known."""
    return words.amount_in_words(value, currency, decimals=True)


@register.filter
def whole(value: Money | Decimal | int | None, currency: str = "") -> str:
    """An amount without decimals, as in lists: 1,235."""
    return words.amount_in_words(value, currency, decimals=False)


@register.filter
def initials(name: str) -> str:
    """Two letters for a person's mark."""
    parts = str(name).split()
    return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper() if parts else "?"


@register.filter
def percent(value: Decimal | float | None) -> str:
    """A share with at most one decimal: 43%, 0.5%."""
    if value is None:
        return "–"
    return f"{words.rounded(Decimal(str(value)), 1).normalize():f}%".replace("-", words.MINUS)


@register.filter
def rate(value: Decimal | None) -> str:
    """An exchange rate with at least four decimals and no needless ones: 1.1523, 0.00612345."""
    if value is None:
        return words.NONE
    places = max(4, -int(value.normalize().as_tuple().exponent))
    return f"{value:,.{places}f}"


@register.filter
def event_words(name: str) -> str:
    """The name of an event, kind or field in words: “Receipt posted”, “Issue invoices”."""
    return str(name).replace(".", " ").replace("_", " ").capitalize()


@register.filter
def changed_in_short(event: Any) -> str:
    """The fields that an audit event changed, by name."""
    names = list({**(event.before or {}), **(event.after or {})})
    return ", ".join(str(name).replace("_", " ") for name in names[:5]) + (" …" if len(names) > 5 else "")


@register.filter
def decimals_of(currency: str) -> int:
    """How many decimals a currency has, for the step of a number field."""
    return minor_units(currency)


@register.simple_tag
@lru_cache(maxsize=1000, typed=True)
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A drawing from the sprite. Decorative unless it gets a label."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"There is no icon “{name}” in core/ui/icons.py.")
    css = "icon" + (f" icon-{size}" if size else "")
    naming = format_html(' role="img" aria-label="{}"', label) if label else SafeString(' aria-hidden="true"')
    return format_html('<svg class="{}"{}><use href="{}#{}"/></svg>', css, naming, static("core/icons.svg"), name)


@register.simple_tag
def stylesheet_url() -> str:
    """The one stylesheet; in development joined anew when one of its files has changed."""
    if settings.DEBUG:
        part = bundle(settings.UI_BUILD_DIR, settings.BASE_DIR / "static")
        if not part.is_current:
            part.write()
    return static("core/css/o2c.css")


@register.simple_tag(takes_context=True)
def current_if(context: template.Context, url: str) -> SafeString:
    """Mark a link whose address is this page's."""
    request = context.get("request")
    here = getattr(request, "path", "")
    return SafeString(' aria-current="page"') if here == url.split("?")[0] else SafeString("")


@register.filter
def kind_of_widget(field: BoundField) -> str:
    """Name of the field's widget class, by which the field template lays it out."""
    return type(field.field.widget).__name__


@register.simple_block_tag
def box(content: str, title: str = "", note: str = "", anchor: str = "") -> SafeString:
    """A bordered part of a page with a title; its content brings its own padding, or a table."""
    head = format_html(
        '<header class="box-head"><div><h2 class="box-title">{}</h2>{}</div></header>',
        title,
        format_html('<p class="box-note">{}</p>', note) if note else "",
    )
    naming = format_html(' id="{}"', anchor) if anchor else ""
    return format_html('<section class="box"{}>{}{}</section>', naming, head if title else "", content)


@register.simple_tag
def pill(text: Any, tone: str = "", icon_name: str = "") -> SafeString:
    """A short state in words. Tone is ok, warn, bad, info or nothing; colour never stands alone."""
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<span class="pill{}">{}{}</span>', f" is-{tone}" if tone else "", drawing, text)


@register.simple_block_tag
def notice(content: str, tone: str = "info") -> SafeString:
    """Something to know before going on."""
    drawings = {"info": "info", "ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
    role = SafeString(' role="alert"') if tone == "bad" else ""
    css = "" if tone == "info" else f" is-{tone}"
    return format_html('<div class="notice{}"{}>{}<div>{}</div></div>', css, role, icon(drawings[tone]), content)


@register.simple_block_tag
def empty_state(content: str, title: str, kind: str = "nothing") -> SafeString:
    """No rows: “done” when the work is finished, “nothing” when none was made yet, “filtered” when filters hide all."""
    drawing = {"done": "circle-check", "nothing": "inbox", "filtered": "funnel"}[kind]
    return format_html(
        '<div class="empty is-{}">{}<p class="empty-title">{}</p>{}</div>', kind, icon(drawing), title, content
    )


@register.simple_tag
def kpi(
    label: str, value: Any, note: str = "", tone: str = "", href: str = "", share: Any = None, trend: Any = ""
) -> SafeString:
    """A figure of the strip. href opens onto what it is made of; share (0 to 100) draws the bar of its limit."""
    from_charts = meter(share, tone=tone, label="") if share is not None else ""
    inside = format_html(
        '<span class="kpi-label">{}{}</span><span class="kpi-value">{}</span><span class="kpi-note{}">{}</span>{}',
        label,
        trend,
        value,
        f" is-{tone}" if tone else "",
        note,
        from_charts,
    )
    if href:
        return format_html('<a class="kpi" href="{}">{}</a>', href, inside)
    return format_html('<div class="kpi">{}</div>', inside)


@register.simple_tag(takes_context=True)
def sort_head(context: template.Context, name: str, label: str, css: str = "") -> SafeString:
    """A table head by which the list is sorted: ?sort=name, and -name for the other way."""
    page = context["page"]
    asked = page.request.GET.get("sort", "")
    state = {name: "ascending", f"-{name}": "descending"}.get(asked, "")
    url = page.url(sort=f"-{name}" if asked == name else name, page=None)
    arrow = icon("arrow-up" if state == "ascending" else "arrow-down", "s") if state else ""
    sorting = format_html(' aria-sort="{}"', state) if state else ""
    style = format_html(' class="{}"', css) if css else ""
    return format_html('<th scope="col"{}{}><a href="{}">{}{}</a></th>', style, sorting, url, label, arrow)


@register.simple_tag(takes_context=True)
def export_url(context: template.Context, form: str) -> str:
    """This page with its filters as a file: ?format=xlsx."""
    url: str = context["page"].url(format=form, page=None)
    return url


@register.inclusion_tag("core/parts/pager.html", takes_context=True)
def pager(context: template.Context, rows: Any) -> dict[str, Any]:
    """Which rows of how many are shown, with links to the next ones. Rows are a Django Page of a Paginator."""
    page = context["page"]
    return {
        "rows": rows,
        "previous": page.url(page=rows.previous_page_number()) if rows.has_previous() else "",
        "next": page.url(page=rows.next_page_number()) if rows.has_next() else "",
    }
