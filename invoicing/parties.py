"""Who sells and who buys, as a document names them. Pure."""

import json
from hashlib import sha256

from core.models import LegalEntity
from customers.addresses import printed_lines
from customers.models import Address, BillingRequirements, Customer
from invoicing.models import Party


def seller_of(entity: LegalEntity) -> Party:
    """The company as it is now."""
    return _party(
        entity,
        code=entity.code,
        name=entity.legal_name,
        address_lines=entity.address_lines.strip(),
        country=entity.country,
        tax_number=entity.tax_number,
        registration_number=entity.registration_number,
        email=entity.email,
        phone=entity.phone,
    )


def buyer_of(
    customer: Customer, address: Address | None, entity: LegalEntity, required: BillingRequirements | None = None
) -> Party:
    """The customer as it is now, at its billing address, with what structured invoices need to reach it."""
    return _party(
        entity,
        code=customer.code,
        name=customer.name,
        tax_number=customer.tax_number,
        registration_number=customer.registration_number,
        email="",
        **(_place(address) if address else {"address_lines": "", "country": ""}),
        **(_way(required) if required else {}),
    )


def _place(address: Address) -> dict[str, str]:
    return {
        "address_lines": "\n".join(printed_lines(address)),
        "country": address.country,
        "postcode": address.postcode.strip(),
        "city": address.city.strip(),
        "region": address.region.strip(),
    }


def _way(required: BillingRequirements) -> dict[str, str]:
    return {
        "electronic_scheme": required.electronic_scheme,
        "electronic_address": required.electronic_address,
        "buyer_reference": required.buyer_reference,
    }


def _party(entity: LegalEntity, **facts: str) -> Party:
    """What is empty doesn't count, so that a party stays the same when there is one more thing it could say."""
    said = {name: value for name, value in facts.items() if value}
    digest = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return Party(entity=entity, digest=digest, **facts)
