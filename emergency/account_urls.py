"""Addresses of the customer's account area, all under /account/."""

from django.urls import path

from emergency.views import account, customer_signin

urlpatterns = [
    path("", account.home, name="account"),
    path("incidents/<str:reference>/", account.incident, name="account_incident"),
    path("orders/<int:report_id>/", account.order_record, name="account_order"),
    path("sign-in/", customer_signin.sign_in_page, name="sign_in"),
    path("sign-in/pin/", customer_signin.by_pin, name="sign_in_pin"),
    path("sign-in/sent/", customer_signin.link_sent, name="sign_in_sent"),
    path("sign-in/<str:token>/", customer_signin.by_link, name="sign_in_link"),
    path("sign-out/", customer_signin.leave, name="sign_out"),
]
