"""Who at a customer gets a message, and how."""

from collections.abc import Iterable
from dataclasses import dataclass

from customers.models import Contact, Customer
from messaging.models import Message

INVOICES = "invoices"
STATEMENTS = "statements"
ROLES_TO_FALL_BACK_ON = {
    INVOICES: (Contact.Role.BILLING, Contact.Role.PAYMENTS),
    STATEMENTS: (Contact.Role.PAYMENTS, Contact.Role.BILLING),
}


@dataclass(frozen=True)
class Recipients:
    """Addresses, the name to greet, the language, and whether it goes by e-mail or by post."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    name: str = ""
    language: str = "en"
    channel: str = Message.Channel.EMAIL


def recipients_of(customers: Iterable[Customer], purpose: str) -> dict[int, Recipients]:
    """By customer: the contacts that receive such documents, else those whose role it is."""
    wanted = list(customers)
    contacts: dict[int, list[Contact]] = {customer.pk: [] for customer in wanted}
    for contact in Contact.objects.filter(customer__in=list(contacts), is_active=True).exclude(email=""):
        contacts[contact.customer_id].append(contact)
    return {customer.pk: _recipients(customer, contacts[customer.pk], purpose) for customer in wanted}


def _recipients(customer: Customer, contacts: list[Contact], purpose: str) -> Recipients:
    chosen = [contact for contact in contacts if getattr(contact, f"receives_{purpose}")] or _by_role(contacts, purpose)
    only = chosen[0] if len(chosen) == 1 else None
    by_post = customer.delivery == Customer.Delivery.PRINT
    return Recipients(
        to=tuple(contact.email for contact in chosen),
        name=only.name if only else "",
        language=(only.language if only else "") or customer.language,
        channel=Message.Channel.PRINT if by_post else Message.Channel.EMAIL,
    )


def _by_role(contacts: list[Contact], purpose: str) -> list[Contact]:
    for role in ROLES_TO_FALL_BACK_ON[purpose]:
        if found := [contact for contact in contacts if contact.role == role]:
            return found[:1]
    return []
