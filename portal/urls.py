"""Addresses without a login. The key in them opens one invoice with its credit notes and nothing else."""

from django.urls import path

from portal import views

app_name = "portal"

urlpatterns = [
    path("i/<str:key>/", views.invoice, name="invoice"),
    path("i/<str:key>/invoice.pdf", views.invoice_pdf, name="invoice_pdf"),
    path("i/<str:key>/invoice.xml", views.invoice_xml, name="invoice_xml"),
    path("i/<str:key>/credit-notes/<int:pk>/", views.credit_note, name="credit_note"),
    path("i/<str:key>/credit-notes/<int:pk>/credit-note.pdf", views.credit_note_pdf, name="credit_note_pdf"),
    path("i/<str:key>/credit-notes/<int:pk>/credit-note.xml", views.credit_note_xml, name="credit_note_xml"),
    path("i/<str:key>/code.png", views.payment_code, name="payment_code"),
    path("i/<str:key>/logo", views.logo, name="logo"),
    path("i/<str:key>/brand.css", views.brand, name="brand"),
]
