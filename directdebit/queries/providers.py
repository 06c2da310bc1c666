"""What providers are to be asked for, what they were asked, and what they called about."""

from datetime import date, datetime

from django.db.models import QuerySet

from core.models import User
from customers.models import Address
from directdebit.models import (
    Collection,
    Creditor,
    Mandate,
    MandateEvent,
    ProviderExchange,
    ProviderHint,
    ProviderRequest,
)
from directdebit.providers.protocol import DebitOrder, Payer

State = ProviderRequest.State
AT_ONCE = 200


def requests_to_ask(creditor: Creditor, at: datetime) -> list[ProviderRequest]:
    """Collections that are due to be asked for, the oldest first; none that was cancelled meanwhile."""
    rows = ProviderRequest.objects.filter(
        creditor=creditor,
        state__in=(State.TO_ASK, State.ASKED),
        next_try_at__lte=at,
        collection__state__in=(Collection.State.SUBMITTED, Collection.State.PRESUMED_PAID),
    ).select_related("creditor__entity", "collection__mandate")
    return list(rows.order_by("pk")[:AT_ONCE])


def open_requests_of(creditor: Creditor, since: date) -> list[ProviderRequest]:
    """Collections that the provider has, due since a day."""
    rows = ProviderRequest.objects.filter(creditor=creditor, state=State.TAKEN, collection__collect_on__gte=since)
    return list(rows.select_related("creditor__entity", "collection__mandate").order_by("pk"))


def request_of(creditor: Creditor, identifier: str) -> ProviderRequest | None:
    """The collection that the provider calls so."""
    rows = ProviderRequest.objects.filter(creditor=creditor, collection__provider_identifier=identifier)
    return rows.select_related("creditor__entity", "collection__mandate").first()


def order_of(request: ProviderRequest) -> DebitOrder:
    """What the provider is asked for."""
    collection = request.collection
    return DebitOrder(
        key=request.key,
        mandate=collection.mandate.provider_identifier,
        money=collection.money,
        collect_on=collection.collect_on,
        text=f"{request.creditor.name} {collection.reference}",
    )


def hints_to_handle(creditor: Creditor) -> list[ProviderHint]:
    """What the provider called about and nobody has asked for yet, the oldest first."""
    rows = ProviderHint.objects.filter(creditor=creditor, handled_at=None).select_related("creditor__entity")
    return list(rows.order_by("pk")[:AT_ONCE])


def mandates_to_register(creditor: Creditor) -> list[Mandate]:
    """Released mandates that the provider does not have yet."""
    rows = creditor.mandates.filter(state=Mandate.State.PENDING_LODGEMENT, provider_identifier="")
    return list(rows.select_related("customer__entity", "bank_account", "entity").order_by("pk")[:AT_ONCE])


def mandates_to_end(creditor: Creditor) -> list[Mandate]:
    """Mandates that ended here and that the provider was not told of, nor told us of itself."""
    told = MandateEvent.objects.filter(state=Mandate.State.CANCELLED, source=MandateEvent.Source.PROVIDER)
    rows = creditor.mandates.filter(state=Mandate.State.CANCELLED).exclude(provider_identifier="")
    return list(rows.exclude(events__in=told).select_related("entity").order_by("pk")[:AT_ONCE])


def payer_of(mandate: Mandate) -> Payer:
    """Who pays by a mandate, as the provider wants to know it: under the mandate's reference, not the customer's.

    Providers that keep a bank account with their customer would draw a new mandate from the old one's account.
    """
    customer, account = mandate.customer, mandate.bank_account
    address = Address.objects.filter(customer=customer, is_active=True).order_by("kind", "pk").first()
    contact = customer.contacts.filter(is_active=True).exclude(email="").order_by("pk").first()
    parts = account.uk_parts
    return Payer(
        reference=mandate.reference,
        name=customer.name,
        email=contact.email if contact else "",
        address=address.lines.splitlines()[0] if address and address.lines else "",
        postcode=address.postcode if address else "",
        city=address.city if address else "",
        country=address.country if address else (account.country or account.iban[:2]),
        account_holder=account.holder or customer.name,
        sort_code=parts[0] if parts else "",
        account_number=parts[1] if parts else "",
        iban="" if parts else account.iban,
    )


def exchanges_of(creditor: Creditor, by: User) -> QuerySet[ProviderExchange]:
    """What the provider was asked and answered, the latest first."""
    return ProviderExchange.objects.visible_to(by).filter(creditor=creditor)


def refused_requests(creditor: Creditor) -> list[ProviderRequest]:
    """Collections that the provider refused, or tells nothing of, and that wait for a person."""
    rows = ProviderRequest.objects.filter(creditor=creditor).exclude(said="")
    rows = rows.exclude(collection__state=Collection.State.CANCELLED).select_related("collection__customer")
    return list(rows.order_by("pk")[:AT_ONCE])
