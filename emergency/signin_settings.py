"""How staff sign in, from the environment: second factor, asking again, OpenID Connect.

What each variable means stands in `docs/configuration.md`; the reasons stand in
`docs/decisions/0034-staff-sign-in.md`.
"""

from typing import Any
from urllib.parse import urlsplit

from emergency.environment import parsed, text, whole_number

__all__ = [
    "ACCOUNT_ADAPTER",
    "ACCOUNT_EMAIL_NOTIFICATIONS",
    "ACCOUNT_EMAIL_VERIFICATION",
    "ACCOUNT_LOGIN_METHODS",
    "ACCOUNT_RATE_LIMITS",
    "ACCOUNT_SIGNUP_FIELDS",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD",
    "CACHES",
    "LOGIN_REDIRECT_URL",
    "LOGOUT_REDIRECT_URL",
    "MFA_ADAPTER",
    "MFA_PASSKEY_LOGIN_ENABLED",
    "MFA_RATE_LIMITS",
    "MFA_REAUTHENTICATION_REQUIRED",
    "MFA_SUPPORTED_TYPES",
    "MFA_TOTP_TOLERANCE",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "OIDC",
    "OIDC_PROVIDER",
    "PERMISSION_TABLES",
    "SOCIALACCOUNT_ADAPTER",
    "SOCIALACCOUNT_LOGIN_ON_GET",
    "SOCIALACCOUNT_PROVIDERS",
    "STAFF_MFA",
    "STAFF_REAUTH_MINUTES",
]


def _one_of(*words: str) -> Any:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(value)
        return value

    return read


APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

# After sessions, the person and messages.
MIDDLEWARE = [
    "allauth.account.middleware.AccountMiddleware",
    "emergency.views.gate.Gate",
]

LOGIN_REDIRECT_URL = "emergency:board"
LOGOUT_REDIRECT_URL = "login"

# Whether everybody who signs in needs a second factor.
STAFF_MFA = parsed("STAFF_MFA", "required", _one_of("required", "optional"))
# How long a sign-in counts where we ask again who somebody is; 0: nobody is asked.
STAFF_REAUTH_MINUTES = whole_number("STAFF_REAUTH_MINUTES", 15)

# Who may do what, and where we ask again; in an order that nothing depends on.
PERMISSION_TABLES = (
    "emergency.rules.permissions.TABLE",
    "billing.rules.permissions.TABLE",
)

# The company's own sign-in, if any. Nobody gets an account by it.
OIDC = {
    "issuer": text("OIDC_ISSUER").rstrip("/"),
    "client_id": text("OIDC_CLIENT_ID"),
    "client_secret": text("OIDC_CLIENT_SECRET"),
    "name": text("OIDC_NAME", "OpenID Connect"),
}
OIDC_PROVIDER = "company"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER,
                "name": OIDC["name"],
                "client_id": OIDC["client_id"],
                "secret": OIDC["client_secret"],
                "settings": {"server_url": OIDC["issuer"]},
            }
        ]
        if all(OIDC.values())
        else [],
    }
}
# A link, since the Content-Security-Policy lets no form lead to another site.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_ADAPTER = "emergency.views.signin_adapters.CompanySignIn"

ACCOUNT_ADAPTER = "emergency.views.signin_adapters.StaffSignIn"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Whoever's way to sign in changes hears of it by e-mail, from the adapter.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Failures alone count. The key is address and network together, so that nobody far
# away locks a technician out; whoever waits, waits five minutes at most.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "20/m/ip,5/5m/key",
    "reauthenticate": "10/5m/user",
}

MFA_ADAPTER = "emergency.views.signin_adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey alone signs in: it is a device and the finger, face or PIN of its owner.
MFA_PASSKEY_LOGIN_ENABLED = True
# Challenges and answers together; a whole office may stand behind one address.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# A code of the half minute before and after counts too: clocks go wrong.
MFA_TOTP_TOLERANCE = 1
# The permission table says where we ask again.
MFA_REAUTHENTICATION_REQUIRED = False
# Browsers let passkeys work without https on this machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = (
    urlsplit(text("PUBLIC_BASE_URL", "http://127.0.0.1:8000")).scheme == "http"
)

# Used codes and failures are counted for all web processes at once, in the database,
# without which nobody signs in anyway.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "emergency_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
