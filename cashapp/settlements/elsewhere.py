"""Payments at a provider that another room keeps. That room lies above this one, so a setting names whom to ask."""

from collections.abc import Callable, Iterable, Mapping
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from core.models import LegalEntity

Asked = Callable[[LegalEntity, Iterable[str]], Mapping[str, str]]


def collected_elsewhere(entity: LegalEntity, identifiers: Iterable[str]) -> Mapping[str, str]:
    """The direct debits among a provider's ids of payments: our reference by the provider's id."""
    ask = cast(Asked, import_string(settings.DIRECT_DEBITS_KNOWN_AS))
    return ask(entity, {each for each in identifiers if each})
