"""Addresses without a login. The key in them opens one invoice and nothing else."""

from django.urls import path

from portal import views

app_name = "portal"

urlpatterns = [
    path("i/<str:key>/", views.invoice, name="invoice"),
    path("i/<str:key>/invoice.pdf", views.invoice_pdf, name="invoice_pdf"),
    path("i/<str:key>/invoice.xml", views.invoice_xml, name="invoice_xml"),
    path("i/<str:key>/code.png", views.payment_code, name="payment_code"),
    path("i/<str:key>/logo", views.logo, name="logo"),
    path("i/<str:key>/brand.css", views.brand, name="brand"),
]
