"""System checks about signing in: what is contradictory or too open, and what to do."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from emergency.checks import LOOPBACK


@register
def company_sign_in_is_whole(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E040 and E041: OpenID Connect is named, but cannot work."""
    oidc = settings.OIDC
    names = {
        "issuer": "OIDC_ISSUER",
        "client_id": "OIDC_CLIENT_ID",
        "client_secret": "OIDC_CLIENT_SECRET",
    }
    given = {key for key in names if oidc[key]}
    if not given:
        return []
    found: list[CheckMessage] = []
    if missing := [names[key] for key in names if key not in given]:
        found.append(
            Error(
                f"{', '.join(missing)} not set: nobody can sign in by OpenID Connect.",
                hint="Set all of OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"
                " (or OIDC_CLIENT_SECRET_FILE), or none.",
                id="emergency.E040",
            )
        )
    issuer = urlsplit(oidc["issuer"])
    if oidc["issuer"] and not (
        issuer.hostname and (issuer.scheme == "https" or issuer.hostname in LOOPBACK)
    ):
        found.append(
            Error(
                "OIDC_ISSUER is no https address.",
                hint="Write it as the provider does, as https://login.example/realm;"
                " /.well-known/openid-configuration is added.",
                id="emergency.E041",
            )
        )
    return found


@register
def staff_sign_in_is_strict(**kwargs: Any) -> list[CheckMessage]:
    """emergency.W040 and W041: a public installation as open as a demonstration."""
    if urlsplit(settings.PUBLIC_BASE_URL).hostname in LOOPBACK:
        return []
    found: list[CheckMessage] = []
    if settings.STAFF_MFA != "required":
        found.append(
            Warning(
                "STAFF_MFA is optional: a stolen password is enough to come in.",
                hint="Remove it, or set it to required.",
                id="emergency.W040",
            )
        )
    if not settings.STAFF_REAUTH_MINUTES:
        found.append(
            Warning(
                "STAFF_REAUTH_MINUTES is 0: nobody is asked again before money moves.",
                hint="Remove it, or set it to minutes, as 15.",
                id="emergency.W041",
            )
        )
    return found
