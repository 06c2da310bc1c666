"""Names, places and products of the demo company. All invented."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Place:
    """Where a customer sits."""

    city: str
    postcode: str
    country: str


@dataclass(frozen=True)
class Product:
    """Something that is billed, by month or once, at a price in the entity's currency."""

    description: str
    unit: str
    price: Decimal
    is_recurring: bool


UK_PLACES = [
    Place("Bristol", "BS1 4RN", "GB"),
    Place("Leeds", "LS1 5DL", "GB"),
    Place("Manchester", "M2 5DB", "GB"),
    Place("London", "EC2A 4NE", "GB"),
    Place("Edinburgh", "EH2 4AD", "GB"),
    Place("Norwich", "NR1 3DY", "GB"),
    Place("Exeter", "EX4 3SR", "GB"),
    Place("Cardiff", "CF10 1EP", "GB"),
]
US_PLACES = [
    Place("Boston", "MA 02110", "US"),
    Place("Denver", "CO 80202", "US"),
    Place("Portland", "OR 97204", "US"),
]
EU_PLACES = [
    Place("Hamburg", "20457", "DE"),
    Place("München", "80331", "DE"),
    Place("Köln", "50667", "DE"),
    Place("Wien", "1010", "AT"),
    Place("Utrecht", "3511 LN", "NL"),
    Place("Lyon", "69002", "FR"),
    Place("Leipzig", "04109", "DE"),
    Place("Graz", "8010", "AT"),
]
UK_FIRST = (
    "Castle Oakfield Riverbank Tamar Pennine Kestrel Sable Harbour Fenland Moorgate Wensley Northcliffe Lindisfarne "
    "Ashdown Cotswold Thornbury Severn Kingsway Marlow Broadland"
).split()
UK_SECOND = [
    "Fibre",
    "Academy Trust",
    "Estates",
    "Valley Foods",
    "Leisure Parks",
    "Aviation Services",
    "Interiors",
    "Hotels",
    "Dental Group",
    "Publishing",
    "Shipping",
    "Care Homes",
    "Brewing",
    "Legal",
]
US_FIRST = ["Beacon Hill", "Front Range", "Cascade", "Harborline", "Blue Ridge", "Summit"]
US_SECOND = ["Outfitters Inc", "Diagnostics LLC", "Freight Inc", "Software Inc"]
EU_FIRST = "Halden Nordlicht Elbtal Rheinauer Alpenblick Weserland Donau Lindner Brückner Vossloh Krämer Aumann".split()
EU_SECOND = [
    ("Logistik GmbH", "DE"),
    ("Medizintechnik AG", "DE"),
    ("Bau GmbH & Co. KG", "DE"),
    ("Verlag GmbH", "AT"),
    ("Systems BV", "NL"),
    ("Distribution SAS", "FR"),
]
PEOPLE = (
    "Amelia Hart;Jonas Weber;Priya Nair;Tom Whitaker;Lena Fischer;Marc Dubois;Sofia Rossi;Daniel Okafor;Grace Lin;"
    "Henrik Larsen;Isla Campbell;Ruth Adeyemi;Nadia Haddad;Oliver Crane;Paula Jansen;Ewan Price"
).split(";")
PRODUCTS = [
    Product("Platform subscription, per user", "user", Decimal("38.00"), is_recurring=True),
    Product("Managed service, monthly", "month", Decimal("1450.00"), is_recurring=True),
    Product("Equipment lease, scanner set", "month", Decimal("219.50"), is_recurring=True),
    Product("Support, premium hours", "hour", Decimal("95.00"), is_recurring=False),
    Product("Onboarding workshop", "day", Decimal("880.00"), is_recurring=False),
    Product("Data migration", "day", Decimal("720.00"), is_recurring=False),
]
TERMS = [("NET14", 14), ("NET30", 30), ("NET45", 45), ("NET60", 60)]
