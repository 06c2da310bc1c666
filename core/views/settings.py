"""The way to everything that is set up once: a door to each page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from core.navigation import SETTINGS, open_rooms
from core.pages import PageRequest, staff_page

NOTES = {
    "core:people": "Who works here, with which roles in this company",
    "core:entities": "Names, addresses, tax numbers, logo, bank accounts",
    "core:calendars": "Public holidays and the company’s own days",
    "core:rates": "What currencies were worth on a day",
    "core:series": "How invoices and receipts are numbered",
    "invoicing:products": "What is sold, at which price, and over which months it is earned",
    "collections:rules": "Grace and tolerance of promises, the day’s calls, and what is at risk by age",
    "collections:late_terms": "By which law or contract customers owe interest, and the reference rates.",
    "collections:change_suspension_policy": "To whom support requests go, the clause they name, and the weekly meeting",
    "collections:strategies": "When and how customers are asked to pay, and who belongs to which segment",
    "customers:terms": "When invoices fall due, and discounts for paying early",
    "invoicing:tax_rates": "What is added to invoices, and when it changes",
    "invoicing:tax_rules": "Which tax applies to whom, and what the invoice has to say then",
    "customers:change_credit_policy": "What a credit hold stops, and how far ahead orders count",
    "invoicing:surcharge_rules": "What paying by card costs on top, within the law",
    "controls:limits": "How much a role or a person may decide alone",
    "messaging:templates": "Words of the e-mails and letters that leave",
    "directdebit:creditors": "As whom the company collects, with which notice and which fees",
    "cashapp:rules": "What the product learned about payers",
    "cashapp:precision": "How much is matched without a hand, and how much of it was right",
    "cashapp:payer_groups": "Who pays the documents of other customers",
    "cashapp:tolerances": "How much may be missing, and taxes kept back by law",
    "integrations:endpoints": "Other systems that are told of invoices and payments",
    "core:tokens": "Keys by which your programs act as you",
    "api-docs": "Addresses, fields and examples for programs",
}


@staff_page("core.view")
def settings_index(request: PageRequest) -> HttpResponse:
    """All doors that the person may open."""
    rooms = open_rooms(SETTINGS, request.page)
    doors = [{"room": room, "note": NOTES.get(room.url_name, "")} for room in rooms]
    return render(request, "core/settings.html", {"doors": doors})
