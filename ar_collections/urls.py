"""Addresses of collections."""

from django.urls import path

from ar_collections import views

app_name = "collections"

urlpatterns = [
    path("customers/<int:pk>/statement/", views.statement_page, name="statement"),
    path("customers/<int:pk>/statement/send/", views.send, name="send_statement"),
    path("customers/<int:pk>/statement.pdf", views.statement_pdf, name="statement_pdf"),
    path("customers/<int:pk>/statement.xlsx", views.statement_xlsx, name="statement_xlsx"),
]
