"""Addresses of signing in, under /desk/.

Names with ``mfa_``, ``account_`` and ``openid_connect_`` in front are those that
allauth looks for. What it brings beyond is not here: nobody signs up, and nobody asks
for a password by e-mail.
"""

from django.contrib.auth.views import LogoutView
from django.urls import path

from emergency.views import confirming, security, signin

urlpatterns = [
    path("login/", signin.SignIn.as_view(), name="login"),
    path("login/", signin.SignIn.as_view(), name="account_login"),
    path("login/passkey/", signin.passkey_sign_in, name="mfa_login_webauthn"),
    path("login/second/", signin.SecondStepView.as_view(), name="mfa_authenticate"),
    path(
        "login/with/<str:provider_id>/",
        signin.company_sign_in,
        name="openid_connect_login",
    ),
    path(
        "login/with/<str:provider_id>/answer/",
        signin.company_answer,
        name="openid_connect_callback",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("security/", security.show_security, name="mfa_index"),
    path("security/confirm/", confirming.confirm, name="account_reauthenticate"),
    path("security/app/", security.add_app, name="mfa_activate_totp"),
    path("security/app/remove/", security.remove_app, name="mfa_deactivate_totp"),
    path("security/passkey/", security.add_passkey, name="mfa_add_webauthn"),
    path(
        "security/passkey/<int:pk>/remove/",
        security.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path("security/codes/", security.show_codes, name="mfa_view_recovery_codes"),
    path(
        "security/codes/new/",
        security.renew_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("security/trust/", security.trust, name="security_trust"),
    path(
        "security/device/<int:device_id>/forget/",
        security.forget,
        name="security_forget",
    ),
    path("security/password/", security.password, name="security_password"),
    path("security/people/", security.show_people, name="security_people"),
    path(
        "security/people/<int:staff_id>/reset/", security.reset, name="security_reset"
    ),
]
