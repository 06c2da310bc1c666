"""A worker that posts webhooks, in a process of its own on the database of a test, so that the test can kill it."""

import os

import django
from django.conf import settings


def main() -> None:
    settings.DATABASES["default"]["NAME"] = os.environ["O2C_TEST_DATABASE"]
    settings.WEBHOOKS_LOCAL = True
    django.setup()

    from core.permissions import system_user
    from integrations.webhooks import tell

    tell(by=system_user())


if __name__ == "__main__":
    main()
