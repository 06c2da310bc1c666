"""One object of Brightwater UK behind every address that names one, room by room.

A room that adds an address with a key adds it to the `addresses` of its module here. The test that walks all
addresses fails until it does, so that no address is ever forgotten.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from core.models import LegalEntity, User

MARKER = "Quillmark"
Addresses = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Stage:
    """Whose company it is, and who works there. Everything that is made bears the marker in its name."""

    uk: LegalEntity
    system: User
    clerk: User
    manager: User


def all_addresses(stage: Stage) -> Addresses:
    """What every room has behind its addresses: the URL's name with the key of an object of the UK."""
    found: Addresses = {}
    for module in pkgutil.iter_modules(__path__):
        found |= import_module(f"{__name__}.{module.name}").addresses(stage)
    return found
