"""Addresses of the customer's account area, all under /account/."""

from django.urls import path

from emergency.views import account, customer_signin, order_record

urlpatterns = [
    path("", account.home, name="account"),
    path("incidents/<str:reference>/", account.incident, name="account_incident"),
    path(
        "incidents/<str:reference>/order-record.pdf",
        order_record.account_record,
        name="account_order_record",
    ),
    path("sign-in/", customer_signin.sign_in_page, name="sign_in"),
    path("sign-in/pin/", customer_signin.by_pin, name="sign_in_pin"),
    path("sign-in/sent/", customer_signin.link_sent, name="sign_in_sent"),
    path("sign-in/<str:token>/", customer_signin.by_link, name="sign_in_link"),
    path("sign-out/", customer_signin.leave, name="sign_out"),
]
