"""Addresses of what is read: home, ageing, a customer's account, search."""

from django.urls import path

from reporting.views import account, ageing, documents, home, limits, measures, queues, search

app_name = "reporting"

urlpatterns = [
    path("", home.home, name="dashboard"),
    path("months/", home.months, name="months"),
    path("dso/", home.dso_working, name="dso"),
    path("queues/", queues.queue_counts, name="queue_counts"),
    path("limits/measures/", limits.limits, name="limits"),
    path("measures/", measures.measures, name="measures"),
    path("measures.xlsx", measures.workbook, name="measures_xlsx"),
    path("measures/billed/", measures.billed, name="measured_billings"),
    path("measures/payments/", measures.payments, name="measured_payments"),
    path("measures/received/", measures.received, name="measured_receipts"),
    path("measures/<slug:code>/", measures.measure, name="measure"),
    path("search/", search.results, name="search"),
    path("ageing/", ageing.report, name="ageing"),
    path("ageing/items/", ageing.items, name="ageing_items"),
    path("ageing.xlsx", ageing.workbook, name="ageing_xlsx"),
    path("ageing.pdf", ageing.pdf, name="ageing_pdf"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("customers/<int:pk>/", account.account, name="account"),
    path("customers/<int:pk>/timeline/", account.timeline, name="timeline"),
]
