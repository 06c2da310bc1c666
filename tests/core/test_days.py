"""Days that people type: those of this world are taken, others get a sentence and no broken page."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core import clock
from core.forms import DayField
from core.models import LegalEntity, NonWorkingDay, User

FAR = ["0001-01-01", "1969-12-31", "2200-01-01", "9999-12-31"]


@pytest.mark.parametrize("typed", FAR)
def test_a_day_out_of_this_world_gets_a_sentence(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"Choose a day between 1970 and 2199\."):
        DayField().clean(typed)


@pytest.mark.django_db
def test_a_page_that_asks_for_a_day_says_so(
    signed_in: Callable[[User], Client], administrator: User, uk: LegalEntity
) -> None:
    browser = signed_in(administrator)
    for typed in FAR:
        answer = browser.post(reverse("core:calendars"), {"on": typed, "name": "Never"})
        assert answer.status_code == 422 and "Choose a day between 1970 and 2199." in answer.content.decode()
        page = browser.get(f"{reverse('core:calendars')}?as_at={typed}").context["page"]
        assert page.as_at == clock.today(uk), "an address that asks for such a day gets today"
    assert not NonWorkingDay.objects.exists()
