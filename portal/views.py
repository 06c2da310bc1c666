"""The pages behind a link. They tell a stranger nothing, not even whose link it was."""

from base64 import b64decode
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core import clock
from core.errors import Refused
from core.files import file_response
from core.money import ZERO, Money
from core.permissions import system_user
from invoicing.actions import record_access, store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.structured import store_structured
from invoicing.einvoices.formats import Profile
from invoicing.models import CreditNote, Invoice, InvoiceLink, LinkAccess
from invoicing.queries.links import credits_behind, link_by_key
from invoicing.queries.structured import profile_wanted
from portal.pages import credits_shown, page_of, page_of_credit, words_for
from portal.visitors import address_of, knocks_too_often, looks_like_a_key, network_of

Kind = LinkAccess.Kind
LANGUAGES = ("de", "fr", "es")
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
View = Callable[[HttpRequest, InvoiceLink], HttpResponse]
CreditView = Callable[[HttpRequest, InvoiceLink, CreditNote], HttpResponse]
CreditPage = Callable[[HttpRequest, str, int], HttpResponse]


def behind_a_link(kind: str = "") -> Callable[[View], Callable[[HttpRequest, str], HttpResponse]]:
    """Open a page to whoever holds a good key, and write down that it was used, as `kind` where one is named."""

    def decorate(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
        @require_safe
        @wraps(view)
        def wrapped(request: HttpRequest, key: str) -> HttpResponse:
            return _private(_answered(request, key, view, kind))

        return wrapped

    return decorate


def behind_a_link_to_a_credit_note(kind: str) -> Callable[[CreditView], CreditPage]:
    """The same for a credit note of the invoice that the key opens."""

    def decorate(view: CreditView) -> CreditPage:
        @require_safe
        @wraps(view)
        def wrapped(request: HttpRequest, key: str, pk: int) -> HttpResponse:
            def shown(request: HttpRequest, link: InvoiceLink) -> HttpResponse:
                found = credits_behind(link).filter(pk=pk).first()
                return view(request, link, found) if found else _sentence(request, "unknown", 404)

            return _private(_answered(request, key, shown, kind, pk))

        return wrapped

    return decorate


@behind_a_link(Kind.OPENED)
def invoice(request: HttpRequest, link: InvoiceLink) -> HttpResponse:
    """The invoice in a few facts, its files, and how to pay it."""
    found, item = link.invoice, link.invoice.item
    left = Money(item.open_amount, found.currency) if item else found.money
    is_overdue = found.due_on is not None and found.due_on < clock.today(found.entity)
    page = page_of(found, left, is_overdue=is_overdue)
    context = {
        "shown": page,
        "key": link.key,
        "pdf_url": reverse("portal:invoice_pdf", args=[link.key]),
        "xml_url": "" if found.is_imported else reverse("portal:invoice_xml", args=[link.key]),
        "credit_notes": credits_shown(credits_behind(link)),
    }
    return render(request, "portal/document.html", context)


@behind_a_link(Kind.PDF)
def invoice_pdf(request: HttpRequest, link: InvoiceLink) -> HttpResponse:
    """The stored PDF."""
    response = file_response(store_invoice_pdf(by=system_user(), invoice=link.invoice), download=False)
    response["Content-Security-Policy"] = PDF_POLICY
    return response


@behind_a_link(Kind.XML)
def invoice_xml(request: HttpRequest, link: InvoiceLink) -> HttpResponse:
    """The invoice's data in the profile that the customer takes, else as CII."""
    return _data_of(request, link.invoice)


@behind_a_link_to_a_credit_note(Kind.OPENED)
def credit_note(request: HttpRequest, link: InvoiceLink, found: CreditNote) -> HttpResponse:
    """A credit note in a few facts, with its files and the way to its invoice."""
    left = Money(found.item.open_amount if found.item else ZERO, found.currency)
    keys = [link.key, found.pk]
    context = {
        "shown": page_of_credit(found, left),
        "key": link.key,
        "pdf_url": reverse("portal:credit_note_pdf", args=keys),
        "xml_url": "" if found.is_imported else reverse("portal:credit_note_xml", args=keys),
        "invoice_url": reverse("portal:invoice", args=[link.key]),
    }
    return render(request, "portal/document.html", context)


@behind_a_link_to_a_credit_note(Kind.PDF)
def credit_note_pdf(request: HttpRequest, link: InvoiceLink, found: CreditNote) -> HttpResponse:
    """The stored PDF."""
    response = file_response(store_credit_note_pdf(by=system_user(), credit_note=found), download=False)
    response["Content-Security-Policy"] = PDF_POLICY
    return response


@behind_a_link_to_a_credit_note(Kind.XML)
def credit_note_xml(request: HttpRequest, link: InvoiceLink, found: CreditNote) -> HttpResponse:
    """Its data, as of an invoice."""
    return _data_of(request, found)


@behind_a_link()
def payment_code(request: HttpRequest, link: InvoiceLink) -> HttpResponse:
    """The code that a banking app reads."""
    found, item = link.invoice, link.invoice.item
    box = page_of(found, Money(item.open_amount, found.currency) if item else found.money, is_overdue=False).pay
    if box is None or not box.code:
        return _sentence(request, "unknown", 404)
    return HttpResponse(b64decode(box.code.partition(",")[2]), content_type="image/png")


@behind_a_link()
def logo(request: HttpRequest, link: InvoiceLink) -> HttpResponse:
    """The seller's logo."""
    stored = link.invoice.entity.logo
    return file_response(stored, download=False) if stored else _sentence(request, "unknown", 404)


@behind_a_link()
def brand(request: HttpRequest, link: InvoiceLink) -> HttpResponse:
    """The seller's colour, as a style sheet of its own: pages here carry no inline styles."""
    return HttpResponse(f":root {{ --brand: {link.invoice.entity.accent_colour}; }}\n", content_type="text/css")


def _data_of(request: HttpRequest, document: Invoice | CreditNote) -> HttpResponse:
    profile = profile_wanted(document.customer) or Profile.CII
    try:
        stored = store_structured(by=system_user(), document=document, profile=profile)
    except Refused:
        return _sentence(request, "unknown", 404)
    return file_response(stored, download=True)


def _answered(request: HttpRequest, key: str, view: View, kind: str, credit_note_pk: int | None = None) -> HttpResponse:
    address = address_of(request)
    if knocks_too_often(address):
        return _sentence(request, "too_often", 429)
    link = link_by_key(key) if looks_like_a_key(key) else None
    if link is None:
        return _sentence(request, *(("too_often", 429) if knocks_too_often(address, wrong=True) else ("unknown", 404)))
    if not link.is_open_at(clock.now()):
        _note(request, link, Kind.REFUSED, address)
        return _sentence(request, "gone", 410)
    response = view(request, link)
    if kind and request.method == "GET" and response.status_code == 200:
        _note(request, link, kind, address, credit_note_pk)
    return response


def _note(request: HttpRequest, link: InvoiceLink, kind: str, address: str, credit_note_pk: int | None = None) -> None:
    colleague = request.user if request.user.is_authenticated else None
    record_access(
        by=system_user(),
        link=link,
        kind=kind,
        network=network_of(address),
        user_agent=request.headers.get("User-Agent", ""),
        colleague=colleague,
        credit_note=CreditNote(pk=credit_note_pk) if credit_note_pk is not None else None,
    )


def _sentence(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """One sentence in a language that the reader's browser asks for, and nothing about any invoice."""
    wanted = request.headers.get("Accept-Language", "")[:2].lower()
    language = wanted if wanted in LANGUAGES else "en"
    words = words_for(language)
    context = {"language": language, "sentence": getattr(words, name)}
    return render(request, "portal/sentence.html", context, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing on the way keeps it, no search engine lists it, and no link out of it tells its address."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    response.headers.pop("Cache-Control", None)
    patch_cache_control(response, private=True, no_store=True)
    return response
