"""The stage behind the addresses that the house tests walk."""

from __future__ import annotations

import pytest

from core.models import LegalEntity, User
from tests.house.scoped import Addresses, Stage, all_addresses


@pytest.fixture
def stage(uk: LegalEntity, system: User, clerk: User, manager: User) -> Stage:
    return Stage(uk, system, clerk, manager)


@pytest.fixture
def addresses(stage: Stage) -> Addresses:
    return all_addresses(stage)
