"""A sender in a process of its own, on the database and mail server of a test, so that the test can kill it."""

import os

import django
from django.conf import settings


def main() -> None:
    settings.DATABASES["default"]["NAME"] = os.environ["O2C_TEST_DATABASE"]
    settings.MESSAGE_KINDS = {"invoice": "tests.messaging.kinds.InvoiceMessage"}
    settings.MEDIA_ROOT = os.environ["O2C_TEST_MEDIA"]
    django.setup()

    from core.permissions import system_user
    from messaging.sender import deliver

    deliver(by=system_user())


if __name__ == "__main__":
    main()
