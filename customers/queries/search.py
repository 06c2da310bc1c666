"""Finding a customer by anything that somebody may have in hand.

That is a name, code, mail, phone, tax number, IBAN, reference, or a word of a note: other spellings are kept there.

Every part is one look into a trigram index; the ids that they give are laid together, so that no part slows the rest.
"""

import re
from functools import reduce
from typing import Any

from django.db.models import Q, QuerySet

from customers.models import Contact, Customer, CustomerBankAccount, CustomerNote
from customers.names import compact, digits, fold

PHONE = re.compile(r"[\d\s()+./-]{6,}")
SHORTEST_NUMBER = 4
SHORTEST_IN_NOTES = 3


def customers_found(customers: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Narrow to those in which every word is found, or that the text as a whole names by a number."""
    words = text.replace("\x00", "").split()[:6]
    if not words:
        return customers
    ids = reduce(lambda left, right: left & right, (_word_in(word) for word in words))
    whole = compact(text)
    if len(words) > 1 and any(letter.isdigit() for letter in whole) and len(whole) >= SHORTEST_NUMBER:
        ids |= _number_in(text, whole)
    return customers.filter(ids)


def _word_in(word: str) -> Q:
    plain, folded = word.lower(), fold(word)
    own = Q(search_text__contains=plain) | Q(search_text__contains=folded)
    spoken = Q(search_text__contains=plain)
    if PHONE.fullmatch(word):
        spoken |= Q(search_text__contains=digits(word))
    return _ids(own, spoken, compact(word), noted=word)


def _number_in(text: str, whole: str) -> Q:
    spoken = Q(search_text__contains=digits(text)) if PHONE.fullmatch(text) else Q(pk__in=[])
    return _ids(Q(search_text__contains=whole.lower()), spoken, whole)


def _ids(own: Q, spoken: Q, number: str, noted: str = "") -> Q:
    ids = Customer.objects.filter(own).values("pk").order_by()
    contacts = Contact.objects.filter(spoken, is_active=True).values("customer").order_by()
    parts: list[QuerySet[Any, Any]] = [contacts]
    if len(noted) >= SHORTEST_IN_NOTES:
        parts.append(CustomerNote.objects.filter(text__icontains=noted).values("customer").order_by())
    if len(number) >= SHORTEST_NUMBER:
        accounts = CustomerBankAccount.objects.filter(
            Q(iban__startswith=number) | Q(iban__endswith=number) | Q(account_number=number), is_active=True
        )
        parts.append(accounts.values("customer").order_by())
    return Q(pk__in=ids.union(*parts))
