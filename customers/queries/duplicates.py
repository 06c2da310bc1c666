"""Customers that may be the one that somebody is about to type in again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from core.models import LegalEntity
from customers.models import Contact, Customer, CustomerBankAccount
from customers.names import compact, digits, name_key

LIKE_ENOUGH = 86
MOST_SHOWN = 6
SHORTEST_NAME = 3
SHORTEST_PHONE = 7
SHARED_MAIL_HOSTS = frozenset(
    "aol.com btinternet.com freenet.de gmail.com gmx.at gmx.de gmx.net googlemail.com hotmail.co.uk hotmail.com "
    "icloud.com live.com mail.com me.com msn.com orange.fr outlook.com posteo.de proton.me protonmail.com t-online.de "
    "web.de yahoo.co.uk yahoo.com yahoo.de".split()
)


@dataclass
class Suspect:
    """A customer that may be the same, and everything that speaks for it."""

    customer: Customer
    reasons: list[str] = field(default_factory=list)
    weight: int = 0

    def add(self, reason: str, weight: int) -> None:
        """Note one more thing that speaks for it."""
        self.reasons.append(reason)
        self.weight += weight


def possible_duplicates(
    *,
    entity: LegalEntity,
    name: str = "",
    tax_number: str = "",
    emails: Iterable[str] = (),
    phone: str = "",
    iban: str = "",
    but: Customer | None = None,
) -> list[Suspect]:
    """Customers of the company that share the number, the account, the mail's domain, the phone or nearly the name."""
    rows = Customer.objects.filter(entity=entity)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    found: dict[int, Suspect] = {}
    _by_tax_number(rows, tax_number, found)
    _by_iban(rows, iban, found)
    _by_name(rows, name, found)
    _by_contacts(rows, emails, phone, found)
    return sorted(found.values(), key=lambda suspect: (-suspect.weight, suspect.customer.name))[:MOST_SHOWN]


def _suspect(found: dict[int, Suspect], customer: Customer) -> Suspect:
    return found.setdefault(customer.pk, Suspect(customer))


def _by_tax_number(rows: QuerySet[Customer], tax_number: str, found: dict[int, Suspect]) -> None:
    number = compact(tax_number)
    if not number:
        return
    for customer in rows.filter(search_text__contains=number.lower(), tax_number=number)[:MOST_SHOWN]:
        _suspect(found, customer).add("the same tax number", 100)


def _by_iban(rows: QuerySet[Customer], iban: str, found: dict[int, Suspect]) -> None:
    number = compact(iban)
    if not number:
        return
    owners = CustomerBankAccount.objects.filter(iban=number, is_active=True).values("customer")
    for customer in rows.filter(pk__in=owners)[:MOST_SHOWN]:
        _suspect(found, customer).add("the same bank account", 90)


def _by_name(rows: QuerySet[Customer], name: str, found: dict[int, Suspect]) -> None:
    key = name_key(name)
    if len(key) < SHORTEST_NAME:
        return
    near = rows.filter(Q(name_key__trigram_similar=key) | Q(name_key=key))
    for customer in near.annotate(likeness=TrigramSimilarity("name_key", key)).order_by("-likeness")[:40]:
        score = round(fuzz.token_sort_ratio(key, customer.name_key))
        if customer.name_key == key:
            _suspect(found, customer).add("the same name", 80)
        elif score >= LIKE_ENOUGH:
            _suspect(found, customer).add("a very similar name", score - 30)


def _by_contacts(rows: QuerySet[Customer], emails: Iterable[str], phone: str, found: dict[int, Suspect]) -> None:
    hosts = {email.rpartition("@")[2].strip().lower() for email in emails if "@" in email}
    for host in sorted(hosts - SHARED_MAIL_HOSTS - {""}):
        who = Contact.objects.filter(search_text__contains=f"@{host} ", is_active=True).values("customer")
        for customer in rows.filter(pk__in=who)[:MOST_SHOWN]:
            _suspect(found, customer).add(f"e-mail at {host}", 40)
    number = digits(phone).lstrip("0")
    if len(number) >= SHORTEST_PHONE:
        who = Contact.objects.filter(search_text__contains=number, is_active=True).values("customer")
        for customer in rows.filter(pk__in=who)[:MOST_SHOWN]:
            _suspect(found, customer).add("the same phone number", 40)
