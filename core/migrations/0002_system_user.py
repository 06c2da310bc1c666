"""The system user, as which scheduled work acts."""

from typing import Any

from django.db import migrations


def add_system_user(apps: Any, schema_editor: Any) -> None:
    user = apps.get_model("core", "User")
    user.objects.get_or_create(
        is_system=True, defaults={"email": "system@o2c.invalid", "name": "o2c itself", "password": "!"}
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_tables")]

    operations = [migrations.RunPython(add_system_user, migrations.RunPython.noop)]
