#!/usr/bin/env python
"""Django's command line, with the embedded servers started first when no others are configured."""

import os
import sys

from django.core.management import execute_from_command_line

from o2c import local


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")
    local.start_servers_or_exit()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
