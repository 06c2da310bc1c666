"""Make the icon sprite, the fonts and the stylesheet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from core.ui.build import build
from core.ui.fonts import LATIN


class Command(BaseCommand):
    help = "Make the icon sprite, the fonts and the stylesheet that screens and PDFs use."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="Write everything anew.")
        parser.add_argument("--subset", default=LATIN, help="Unicode ranges that the fonts keep.")

    def handle(self, *args: Any, **options: Any) -> None:
        written = build(
            settings.UI_BUILD_DIR,
            settings.BASE_DIR / "static",
            unicodes=options["subset"],
            force=options["force"],
        )
        for path in written:
            self.stdout.write(f"{path.name}  {path.stat().st_size / 1024:.0f} KB")
        if not written:
            self.stdout.write("Everything is up to date.")
