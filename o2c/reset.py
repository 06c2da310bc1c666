"""`make demo-reset`: throw away the embedded database with its files and mails, and build the demo company anew."""

import os
import shutil
import sys

import django
from django.core.cache import cache
from django.core.management import call_command

from o2c import local
from o2c.local import postgres
from o2c.run import CannotRun, has_demo, only_one_portal, prepare

OWN_FOLDERS = ("media", "mail")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")
    try:
        local.start_servers()
        refuse_foreign_database()
        with only_one_portal():
            throw_away()
            prepare()
    except (CannotRun, local.CannotStart) as refusal:
        sys.exit(str(refusal))
    if has_demo():
        call_command("demo_company", logins=True)
    print("The demo company is new. Start it with make run.")


def refuse_foreign_database() -> None:
    if os.environ.get("DATABASE_URL"):
        raise CannotRun("DATABASE_URL names a server of your own; only the embedded database is thrown away by this.")


def throw_away() -> None:
    postgres.drop_database()
    postgres.make_database()
    django.setup()
    cache.clear()
    for name in OWN_FOLDERS:
        shutil.rmtree(local.folder() / name, ignore_errors=True)


if __name__ == "__main__":
    main()
