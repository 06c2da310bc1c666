"""The REST API: one router to which every room adds its view sets, the schema, and a page that lists them."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from ar_collections.api import CallViewSet
from cashapp.api import ReceiptViewSet
from cashapp.api_remittances import RemittanceViewSet
from cashapp.api_statements import StatementFileViewSet
from core.api import no_such_address
from customers.api import CustomerViewSet
from directdebit.api import MandateViewSet
from directdebit.api_returns import ReturnedDebitViewSet, ReturnReportViewSet
from integrations.api import ElectronicPaymentViewSet
from invoicing.api import (
    AdjustmentViewSet,
    ContractViewSet,
    CreditNoteViewSet,
    InvoiceViewSet,
    RefundViewSet,
    ScheduleViewSet,
    UsageViewSet,
)
from ledger.api import AgeingView, AllocationViewSet, OpenItemViewSet
from o2c.api_docs import api_docs

router = SimpleRouter()
router.register("customers", CustomerViewSet, basename="customer")
router.register("calls", CallViewSet, basename="call")
router.register("mandates", MandateViewSet, basename="mandate")
router.register("return-reports", ReturnReportViewSet, basename="return-report")
router.register("returned-debits", ReturnedDebitViewSet, basename="returned-debit")
router.register("contracts", ContractViewSet, basename="contract")
router.register("usage", UsageViewSet, basename="usage")
router.register("deferral-schedules", ScheduleViewSet, basename="deferral-schedule")
router.register("invoices", InvoiceViewSet, basename="invoice")
router.register("credit-notes", CreditNoteViewSet, basename="credit-note")
router.register("adjustments", AdjustmentViewSet, basename="adjustment")
router.register("refunds", RefundViewSet, basename="refund")
router.register("receipts", ReceiptViewSet, basename="receipt")
router.register("remittances", RemittanceViewSet, basename="remittance")
router.register("statement-files", StatementFileViewSet, basename="statement-file")
router.register("electronic-payments", ElectronicPaymentViewSet, basename="electronic-payment")
router.register("open-items", OpenItemViewSet, basename="open-item")
router.register("allocations", AllocationViewSet, basename="allocation")

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(router.urls)),
    path("v1/ageing/", AgeingView.as_view(), name="ageing"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", api_docs, name="api-docs"),
    path("<path:rest>", no_such_address),
]
