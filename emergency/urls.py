"""The project's addresses. Other apps are named as strings: wiring is not an import."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("billing/", include("billing.urls")),
    path("status/", include("status.urls")),
    path("admin/", admin.site.urls),
]
