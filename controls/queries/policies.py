"""Policies: which are in force, which govern a screen, and who has read what."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from controls.models import Policy, PolicyReading, PolicyVersion
from core.models import LegalEntity, User
from core.permissions import people_who_may


def policies_for(entity: LegalEntity, by: User) -> QuerySet[Policy]:
    """What is in force, with the newest version's number and whether the person has read it."""
    versions = PolicyVersion.objects.filter(policy=OuterRef("pk")).order_by("-number")
    read = PolicyReading.objects.filter(version=OuterRef("newest"), person=by)
    in_force = Policy.objects.filter(entity=entity, ended_at=None).order_by("title")
    return in_force.annotate(
        number=Subquery(versions.values("number")[:1]), newest=Subquery(versions.values("pk")[:1])
    ).annotate(is_read=Exists(read))


def policies_of_screen(entity: LegalEntity, by: User, screen: str) -> list[Policy]:
    """Those that govern a screen."""
    return list(policies_for(entity, by).filter(screens__contains=[screen]))


def counts_of_readers(entity: LegalEntity) -> dict[int, int]:
    """By policy, how many people have read its newest version."""
    later = PolicyVersion.objects.filter(policy=OuterRef("version__policy"), number__gt=OuterRef("version__number"))
    rows = PolicyReading.objects.filter(~Exists(later), version__policy__entity=entity)
    return dict(rows.order_by().values_list("version__policy").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who works by a policy, and the newest version that they have read."""

    name: str
    number: int | None
    read_at: datetime | None


def readers(entity: LegalEntity) -> list[User]:
    """Who is to read policies: everybody with a role that works by them."""
    return list(people_who_may("controls.confirm_reading", entity))


def readers_of(policy: Policy) -> list[Reader]:
    """Everybody who is to read it, those first who haven't read what is in force, and whoever else has read it."""
    read: dict[int, PolicyReading] = {}
    rows = PolicyReading.objects.filter(version__policy=policy).select_related("version", "person")
    for reading in rows.order_by("version__number"):
        read[reading.person_id] = reading
    people = {person.pk: person for person in readers(policy.entity)}
    people |= {reading.person_id: reading.person for reading in read.values()}
    found = [_reader(person, read.get(key)) for key, person in people.items()]
    return sorted(found, key=lambda reader: (reader.number or 0, reader.name))


def _reader(person: User, reading: PolicyReading | None) -> Reader:
    return Reader(person.name, reading.version.number, reading.read_at) if reading else Reader(person.name, None, None)
