from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("api/", include("o2c.api_urls")),
    path("", include("core.urls")),
    path("", include("cashapp.urls")),
    path("", include("refunds.urls")),
    path("", include("controls.urls")),
    path("", include("customers.urls")),
    path("", include("directdebit.urls")),
    path("", include("integrations.urls")),
    path("", include("invoicing.urls")),
    path("", include("ar_collections.urls")),
    path("", include("ledger.urls")),
    path("", include("messaging.urls")),
    path("", include("portal.urls")),
    path("", include("reporting.urls")),
]
