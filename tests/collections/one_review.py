"""A review, or a sender, in a process of its own on the database of a test, so that the test can kill it."""

import os
import sys
from datetime import datetime
from unittest.mock import patch

import django
from django.conf import settings


def main() -> None:
    settings.DATABASES["default"]["NAME"] = os.environ["O2C_TEST_DATABASE"]
    settings.MEDIA_ROOT = os.environ["O2C_TEST_MEDIA"]
    settings.MAIL_DIR = os.environ["O2C_TEST_MAIL"]
    django.setup()

    from ar_collections import dunning_runs
    from ar_collections.watching import watch_suspensions
    from core.models import LegalEntity, Run
    from core.permissions import system_user
    from messaging.sender import deliver

    moment = datetime.fromisoformat(os.environ["O2C_TEST_MOMENT"])
    with patch("core.clock.now", lambda: moment), patch("ar_collections.dunning_runs.BATCH", 5):
        if sys.argv[1] == "watch":
            watch_suspensions(LegalEntity.objects.get(pk=int(sys.argv[2])), moment)
        elif sys.argv[1] == "review":
            dunning_runs.carry_out(Run.objects.select_related("entity").get(pk=int(sys.argv[2])))
        else:
            deliver(by=system_user())


if __name__ == "__main__":
    main()
