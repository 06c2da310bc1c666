"""What came back of the marked customer's direct debits: a report on its way in, a return with its follow-up."""

from decimal import Decimal
from html import escape

from core.money import Money
from directdebit.actions.booking import book_return
from directdebit.actions.payouts import record_payout
from directdebit.actions.reports import take_in_report, upload_report
from directdebit.models import Collection, ProviderRequest
from directdebit.providers.protocol import Payout
from tests.directdebit.returns.reports import addacs, message
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.directdebit import DUE, mandate_of

BY_RETURN = "return assign_return set_aside_return settle_returns".split()
BY_FILE = "return_file take_in_report".split()
BY_CREDITOR = "change_return_policy provider_log payouts".split()
BY_PAYOUT = "payout settle_payout".split()


def addresses(stage: Stage) -> Addresses:
    mandate = mandate_of(stage)
    content = addacs(message("A", "D", mandate.reference).replace("CASTLE FIBRE", escape(MARKER)))
    file = upload_report(by=stage.clerk, entity=stage.uk, name=f"{MARKER}.xml", content=content)
    returned = take_in_report(by=stage.clerk, entity=stage.uk, file=file).returns.get()
    book_return(by=stage.clerk, returned=returned, on=DUE)
    collection = Collection.objects.filter(mandate=mandate).first() or Collection.objects.create(
        entity=stage.uk, mandate=mandate, customer=mandate.customer, reference=MARKER, amount=5, currency="GBP",
        collect_on=DUE, sequence=Collection.Sequence.RECURRING,
    )  # fmt: skip
    asked, _ = ProviderRequest.objects.get_or_create(
        collection=collection, defaults={"creditor": mandate.creditor, "key": MARKER}
    )
    told = Payout(MARKER, MARKER, Money(Decimal(5), "GBP"), Decimal(0), DUE)
    payout = record_payout(by=stage.system, creditor=mandate.creditor, payout=told)
    return {
        **{f"directdebit:{name}": {"pk": payout.pk} for name in BY_PAYOUT},
        **{f"directdebit:{name}": {"pk": returned.pk} for name in BY_RETURN},
        **{f"directdebit:{name}": {"pk": file.pk} for name in BY_FILE},
        **{f"directdebit:{name}": {"pk": mandate.creditor_id} for name in BY_CREDITOR},
        "return-report-detail": {"pk": returned.report_id or 0},
        "returned-debit-detail": {"pk": returned.pk},
        "directdebit:finish_follow_up": {"pk": returned.follow_ups.get().pk},
        "directdebit:ask_again": {"pk": asked.pk},
        "directdebit:present_again": {"pk": collection.run_id or 0},
    }
