"""The project's addresses. Other apps are named as strings: wiring is not an import."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from emergency.views.signin import admin_login

handler400 = "emergency.views.failures.bad_request"
handler403 = "emergency.views.failures.forbidden"
handler404 = "emergency.views.failures.not_found"
handler500 = "emergency.views.failures.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("emergency.web_urls")),
    path("", include("emergency.health_urls")),
    path("desk/", include("emergency.signin_urls")),
    path("webhooks/twilio/voice/", include("emergency.inbound_calls")),
    path("webhooks/twilio/bridge/", include("emergency.bridge_calls")),
    path("webhooks/", include("emergency.webhooks")),
    path("billing/", include("billing.urls")),
    path("status/", include("status.urls")),
    path("admin/login/", admin_login, name="admin_login"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
