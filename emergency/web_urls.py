"""Addresses of the customer's pages and of the desk."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "emergency"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("emergency.public_urls")),
    path("account/", include("emergency.account_urls")),
    path("demo/", include("emergency.stage_urls")),
    # Before the accounts, of which none is called "import".
    path("desk/", include("emergency.setup_urls")),
    path("desk/", include("emergency.desk_urls")),
    path("desk/", include("emergency.contact_urls")),
    path("desk/", include("emergency.roster_urls")),
    path("desk/", include("emergency.reach_urls")),
    path("desk/privacy/", include("emergency.privacy_urls")),
    path("desk/reportable/", include("emergency.reportable_urls")),
    path("desk/operator/", include("emergency.operator_urls")),
    path("desk/auditors/", include("emergency.auditor_urls")),
    path("desk/colleagues/", include("emergency.colleague_urls")),
    path("desk/status/", include("emergency.status_urls")),
]
