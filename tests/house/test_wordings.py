"""Every kind of message of the house has a page on which its wording is changed."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.models import LegalEntity, User
from messaging.kinds import kind_named

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", settings.MESSAGE_KINDS)
def test_the_page_names_the_words_that_a_wording_may_use(
    signed_in: Callable[[User], Client], administrator: User, uk: LegalEntity, kind: str
) -> None:
    page = signed_in(administrator).get(reverse("messaging:template", args=[kind, "en"]))

    assert page.status_code == 200
    assert {name for name, _ in page.context["values"]} >= set(kind_named(kind).sample)
