"""Addresses as they are printed. Pure."""

from customers.models.contacts import Address

POSTCODE_LAST = frozenset({"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US", "ZA"})


def printed_lines(address: Address) -> list[str]:
    """Street and town, the postcode where the country puts it; the country's name is left to the caller."""
    town = [address.city, address.region, address.postcode]
    if address.country not in POSTCODE_LAST:
        town = [address.postcode, address.city]
    lines = [*address.lines.splitlines(), " ".join(part for part in town if part)]
    return [line.strip() for line in lines if line.strip()]
