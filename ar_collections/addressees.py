"""To whom at a customer a notice goes, and who is on copy. No database."""

from collections.abc import Sequence

from ar_collections.models import Step
from customers.models import Contact, Customer
from messaging.models import Message
from messaging.recipients import Recipients

Role = Contact.Role


def addressees(customer: Customer, contacts: Sequence[Contact], step: Step) -> Recipients:
    """Whoever pays there, else whoever gets statements or bills; addresses that return mail are not among them."""
    to = next((found for found in _in_order(contacts) if found), [])
    only = to[0] if len(to) == 1 else None
    copies = [contact.email for contact in _copies(contacts, step) if contact not in to]
    by_post = step.channel == Step.Channel.LETTER or customer.delivery == Customer.Delivery.PRINT
    return Recipients(
        to=tuple(contact.email for contact in to),
        cc=tuple(dict.fromkeys((*copies, *step.copy_addresses))),
        name=only.name if only else "",
        language=(only.language if only else "") or customer.language,
        channel=Message.Channel.PRINT if by_post else Message.Channel.EMAIL,
    )


def _in_order(contacts: Sequence[Contact]) -> list[list[Contact]]:
    return [
        [contact for contact in contacts if contact.role == Role.PAYMENTS],
        [contact for contact in contacts if contact.receives_statements],
        [contact for contact in contacts if contact.role == Role.BILLING],
        list(contacts[:1]),
    ]


def _copies(contacts: Sequence[Contact], step: Step) -> list[Contact]:
    if step.copy_to == Step.Copy.EVERYBODY:
        return list(contacts)
    if step.copy_to == Step.Copy.ESCALATION:
        return [contact for contact in contacts if contact.role == Role.ESCALATION]
    return []
