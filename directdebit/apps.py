from django.apps import AppConfig


class DirectDebitConfig(AppConfig):
    name = "directdebit"
    verbose_name = "Direct debit"
