"""Ways out that aren't plain mail: a customer's own portal, letters, an address that returns mail, a webhook."""

from customers.actions import change_customer, change_requirements, mark_bounced
from customers.models import Customer
from integrations.actions.webhooks import add_endpoint
from integrations.demo.books import Ledger
from integrations.models import EventKind
from invoicing.actions import take_back_delivery
from invoicing.models import OtherDelivery

# Of those with contracts that are billed at once, so that each has a document on its way.
IN_PORTAL, BOUNCING, BY_POST = 8, 9, 10
NOTES = "Sign in as supplier. Choose the order first, then upload the PDF and the XML."
# Nothing leaves the machine: names under .example lead nowhere, so its log shows failures and retries.
HOOK = "https://erp.{}.example/hooks/o2c"


def prepare_delivery(ledger: Ledger) -> None:
    """Before contracts are billed: who uploads, who gets letters, and whose mail comes back."""
    customers = ledger.active
    _put_into_portal(ledger, customers[IN_PORTAL])
    change_customer(by=ledger.by, customer=customers[BY_POST], delivery=Customer.Delivery.PRINT.value)
    _let_mail_come_back(ledger, customers[BOUNCING])


def say_it_never_came(ledger: Ledger) -> None:
    """Two customers say that an invoice of last month never reached them: it waits to be sent again."""
    live = OtherDelivery.objects.filter(entity=ledger.entity, ended_at=None, invoice__item__open_amount__gt=0)
    for delivery in live.select_related("entity", "invoice").order_by("-delivered_on", "-pk")[:2]:
        take_back_delivery(by=ledger.by, delivery=delivery, reason="Their accounts department can't find it")


def add_webhook(ledger: Ledger) -> None:
    """Another system hears of what happens from now on."""
    url = HOOK.format(ledger.entity.name.lower())
    add_endpoint(by=ledger.by, entity=ledger.entity, url=url, events=list(EventKind.values))


def _put_into_portal(ledger: Ledger, customer: Customer) -> None:
    change_customer(by=ledger.by, customer=customer, delivery=Customer.Delivery.PORTAL.value)
    change_requirements(
        by=ledger.by, customer=customer, portal_url="https://suppliers.example/invoices", portal_notes=NOTES
    )


def _let_mail_come_back(ledger: Ledger, customer: Customer) -> None:
    address = customer.contacts.filter(is_active=True).values_list("email", flat=True).first()
    if address:
        detail = f"550 5.1.1 <{address}>: user unknown"
        mark_bounced(by=ledger.by, entity=ledger.entity, customer=customer, address=address, detail=detail)
