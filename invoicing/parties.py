"""Who sells and who buys, as a document names them. Pure."""

import json
from hashlib import sha256

from core.models import LegalEntity
from customers.models import Address, Customer
from invoicing.models import Party

POSTCODE_LAST = frozenset({"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US", "ZA"})


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
    )


def buyer_of(customer: Customer, address: Address | None, entity: LegalEntity) -> Party:
    """The customer as it is now, at its billing address."""
    return _party(
        entity,
        code=customer.code,
        name=customer.name,
        address_lines="\n".join(_lines_of(address)) if address else "",
        country=address.country if address else "",
        tax_number=customer.tax_number,
        registration_number=customer.registration_number,
        email="",
    )


def _lines_of(address: Address) -> list[str]:
    town = [address.city, address.region, address.postcode]
    if address.country not in POSTCODE_LAST:
        town = [address.postcode, address.city]
    lines = [*address.lines.splitlines(), " ".join(part for part in town if part)]
    return [line.strip() for line in lines if line.strip()]


def _party(entity: LegalEntity, **facts: str) -> Party:
    digest = sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return Party(entity=entity, digest=digest, **facts)
