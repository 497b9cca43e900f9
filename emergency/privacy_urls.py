"""Addresses of the page about personal data, under /desk/privacy/."""

from django.urls import path

from emergency.views import privacy

urlpatterns = [
    path("", privacy.show_privacy, name="privacy"),
    path("export/", privacy.export, name="privacy_export"),
    path("erase/", privacy.erase, name="privacy_erase"),
    path("hold/", privacy.hold, name="privacy_hold"),
    path("hold/<int:hold_id>/lift/", privacy.lift, name="privacy_lift"),
]
