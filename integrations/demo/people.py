"""The people of the demo company, one for each role, and what they sign in with."""

from dataclasses import dataclass

PASSWORD = "harbour-street-1"  # noqa: S105 - printed for everybody who starts the demo


@dataclass(frozen=True)
class Person:
    """Somebody who works in the demo company. The companies in which they hold the role."""

    name: str
    email: str
    role: str
    job_title: str
    entities: tuple[str, ...] = ("UK", "DE")


PEOPLE = [
    Person("Adam Reid", "adam@o2c.example", "administrator", "Administrator"),
    Person("Nora Field", "nora@o2c.example", "ar_specialist", "AR specialist"),
    Person("Colin Marsh", "colin@o2c.example", "collector", "Collector"),
    Person("Maya Osei", "maya@o2c.example", "ar_manager", "AR manager"),
    Person("Finn Larsen", "finn@o2c.example", "finance_manager", "Finance manager"),
    Person("Sven Holm", "sven@o2c.example", "service_owner", "Head of service"),
    Person("Audrey Bell", "audrey@o2c.example", "auditor", "Auditor"),
    Person("Jonas Weber", "jonas@o2c.example", "ar_specialist", "AR specialist in Hamburg only", ("DE",)),
]
