"""Statement files that came by themselves, with the statements that they brought."""

from django.db.models import Prefetch, QuerySet

from cashapp.models import BankStatement, StatementFile
from core.models import LegalEntity, User


def statement_files_of(by: User, entity: LegalEntity | None = None) -> QuerySet[StatementFile]:
    """The newest first. A refused file that a person imported by hand afterwards has statements all the same."""
    rows = StatementFile.objects.visible_to(by).select_related("entity", "run", "received_by", "file")
    if entity:
        rows = rows.filter(entity=entity)
    statements = BankStatement.objects.select_related("bank_account").order_by("pk")
    return rows.prefetch_related(Prefetch("file__statements", statements))
