"""The project's addresses. Other apps are named as strings: wiring is not an import."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from emergency.views.signin import SignIn

handler400 = "emergency.views.failures.bad_request"
handler403 = "emergency.views.failures.forbidden"
handler404 = "emergency.views.failures.not_found"
handler500 = "emergency.views.failures.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("emergency.web_urls")),
    path("", include("emergency.health_urls")),
    path("desk/login/", SignIn.as_view(), name="login"),
    path("desk/logout/", LogoutView.as_view(), name="logout"),
    path("webhooks/twilio/voice/", include("emergency.inbound_calls")),
    path("webhooks/twilio/bridge/", include("emergency.bridge_calls")),
    path("webhooks/", include("emergency.webhooks")),
    path("billing/", include("billing.urls")),
    path("status/", include("status.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
