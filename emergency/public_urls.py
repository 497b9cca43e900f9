"""Addresses that open without signing in: the customer's pages, calendar feeds, the
answer to a page."""

from django.urls import URLPattern, URLResolver, path

from emergency.views import additions, legal, order_rights, web_app
from emergency.views.answer import answer
from emergency.views.calendar import calendar
from emergency.views.maintenance_notice import ask
from emergency.views.order_record import customer_record
from emergency.views.report import discard_draft, order, report
from emergency.views.tracking import tracking

urlpatterns: list[URLPattern | URLResolver] = [
    path("", report, name="report"),
    path("order/", order, name="order"),
    path("maintenance-notice/", ask, name="maintenance_notice"),
    path("discard/", discard_draft, name="discard_draft"),
    path("logo/<str:digest>/", legal.logo, name="logo"),
    path("manifest.webmanifest", web_app.manifest, name="manifest"),
    path("app-icon/<str:digest>/<int:size>.png", web_app.app_icon, name="app_icon"),
    path("imprint/", legal.imprint, name="imprint"),
    path("privacy/", legal.privacy_notice, name="privacy_notice"),
    path("accessibility/", legal.accessibility, name="accessibility"),
    path("withdrawal/", legal.withdrawal, name="withdrawal"),
    path("t/<str:token>/", tracking, name="tracking"),
    path("t/<str:token>/fact/", additions.add_fact, name="tracking_fact"),
    path("t/<str:token>/file/", additions.add_file, name="tracking_file"),
    path(
        "t/<str:token>/file/<int:file_id>/",
        additions.own_file,
        name="tracking_own_file",
    ),
    path("t/<str:token>/number/", additions.add_number, name="tracking_number"),
    path("t/<str:token>/limit/", additions.set_limit, name="tracking_limit"),
    path(
        "t/<str:token>/answer/<int:proposal_id>/",
        additions.answer,
        name="tracking_answer",
    ),
    path(
        "t/<str:token>/order-record.pdf",
        customer_record,
        name="tracking_order_record",
    ),
    path("t/<str:token>/cancel/", order_rights.cancel, name="tracking_cancel"),
    path("t/<str:token>/withdraw/", order_rights.withdraw, name="tracking_withdraw"),
    path(
        "t/<str:token>/withdrawal.txt",
        order_rights.acknowledgement,
        name="tracking_acknowledgement",
    ),
    path("t/<str:token>/solved/", order_rights.solved, name="tracking_solved"),
    path("t/<str:token>/object/", order_rights.object_to, name="tracking_object"),
    path("t/<str:token>/again/", order_rights.again, name="tracking_again"),
    path("calendar/<str:token>.ics", calendar, name="calendar"),
    path("answer/<str:token>/", answer, name="answer"),
]
