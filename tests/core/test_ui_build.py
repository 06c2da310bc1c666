"""Icons, fonts and the stylesheet are made when they are missing or stale, and only then."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from lxml import etree

from core.ui.build import build
from core.ui.icons import ICONS
from core.ui.inter import find_inter
from core.ui.sprite import lucide_archive, symbols
from core.ui.styles import LAYERS, stylesheet


def static_folder(tmp_path: Path) -> Path:
    for layer in LAYERS:
        path = tmp_path / f"static/core/css/{layer}.css"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"@layer {layer} {{ /* why */ a {{ b: c }} }}")
    room = tmp_path / "static/cashapp/css/desk.css"
    room.parent.mkdir(parents=True)
    room.write_text("@layer screens { .desk { d: e } }")
    return tmp_path / "static"


def test_the_sprite_holds_every_icon() -> None:
    root = etree.fromstring(symbols(lucide_archive(), ICONS))
    assert {symbol.get("id") for symbol in root} == ICONS


def test_every_icon_in_a_template_is_in_the_sprite() -> None:
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        named = set(re.findall(r'\{% icon "([^"]+)"', template.read_text()))
        assert named <= ICONS, template


def test_the_stylesheet_keeps_the_order_of_layers_and_takes_in_the_rooms(tmp_path: Path) -> None:
    part = stylesheet(tmp_path / "build", static_folder(tmp_path))
    part.write()
    css = part.path.read_text()
    assert css.startswith("@layer reset, tokens, base, layout, parts, screens, print;")
    assert ".desk" in css
    assert "why" not in css


def test_what_is_up_to_date_is_left_alone(tmp_path: Path) -> None:
    static = static_folder(tmp_path)
    part = stylesheet(tmp_path / "build", static)
    assert not part.is_current
    part.write()
    assert stylesheet(tmp_path / "build", static).is_current
    later = part.path.stat().st_mtime + 5
    os.utime(static / "core/css/base.css", (later, later))
    assert not stylesheet(tmp_path / "build", static).is_current


def test_everything_is_built_and_within_its_weight(tmp_path: Path) -> None:
    built = {path.name: path.stat().st_size for path in build(tmp_path, settings.BASE_DIR / "static")}
    assert built["icons.svg"] < 40_000
    if find_inter():
        assert built["inter-latin.woff2"] < 40_000
        assert {"inter-400.ttf", "inter-500.ttf", "inter-600.ttf", "inter-700.ttf"} <= set(built)
    assert build(tmp_path, settings.BASE_DIR / "static") == []


def test_templates_carry_no_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.I)
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        if {"mail", "pdf"} & set(template.relative_to(settings.BASE_DIR).parts):
            continue
        assert not inline.search(template.read_text()), template


def test_production_serves_hashed_names_also_where_modules_import_each_other(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "core.ui.static_files.HashedFiles"}}
    build(settings.UI_BUILD_DIR, settings.BASE_DIR / "static")
    call_command("collectstatic", interactive=False, verbosity=0)
    (app,) = tmp_path.glob("core/js/app.*.js")
    imported = re.findall(r'(?:from |import\()"\./(\w+)\.(\w{12})\.js"', app.read_text())
    assert {name for name, _ in imported} >= {"keys", "forms", "palette"}
    assert not list(tmp_path.glob("*/pdf"))


def test_scripts_and_styles_stay_light(tmp_path: Path) -> None:
    static = settings.BASE_DIR / "static"
    part = stylesheet(tmp_path, static)
    part.write()
    htmx = finders.find("django_htmx/htmx-2.min.js")
    scripts = [Path(str(htmx)), *(static / "core/js").glob("*.js")]
    assert len(brotli.compress(part.path.read_bytes())) < 15_000
    assert sum(len(brotli.compress(path.read_bytes())) for path in scripts) < 35_000
