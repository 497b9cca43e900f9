"""What the product's processes find in their environment.

Everything that is already set is kept; the rest describes a demonstration on this
machine alone.
"""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from emergency.launcher.places import Places, write_private
from emergency.launcher.servers import Servers

# From the range for films: should it ever be dialled outside, nobody answers.
DEMO_NUMBER = "+493023125000"
OF_THE_PRODUCT = ("SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
# A robot in the simulated network answers the self-tests.
DEMO_HOUSE_PHONE = "+491713920090"
SUPERUSER_WARNING = "ignore:You're running the worker with superuser"


def given(environ: Mapping[str, str], name: str) -> bool:
    """Whether ``name`` is set, itself or as a file that holds it."""
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def given_address(environ: Mapping[str, str], name: str) -> str | None:
    """The server address the variable ``name`` (or its ``_FILE``) holds, if any."""
    if environ.get(name):
        return environ[name]
    path = environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else None


def product_environment(
    environ: Mapping[str, str],
    *,
    places: Places,
    servers: Servers,
    port: int,
    simulator_port: int,
) -> dict[str, str]:
    """The environment of every process of the product.

    Demo data and demo logins are only for a database of our own.
    """
    web = f"http://127.0.0.1:{port}"
    simulator = f"http://127.0.0.1:{simulator_port}"
    own = _secrets(places)
    defaults = {
        **servers.environment,
        **{name: own[name] for name in OF_THE_PRODUCT},
        **_gateway(environ, own, simulator=simulator, web=web),
        "PUBLIC_BASE_URL": web,
        "TWILIO_API_BASE_URL": simulator,
        "TWILIO_FROM_NUMBER": DEMO_NUMBER,
        "EMAIL_URL": f"file:///{places.var / 'mail'}",
        "EMERGENCY_MAILBOX_URL": f"maildir://{quote(str(places.mailbox))}",
        "EMERGENCY_MAIL_ADDRESS": "emergency@localhost",
        "SIMULATOR_DIR": str(places.var / "simulator"),
        "SIMULATOR_SMS_WEBHOOK_URL": f"{web}/webhooks/twilio/sms/inbound",
        "SIMULATOR_FRAMED_BY": f"{web} http://localhost:{port}",
        "PUSH_ALLOW_HOSTS": "127.0.0.1",
        "DEMO": "1" if servers.postgres else "0",
        "PYTHONUNBUFFERED": "1",
    }
    if not given(environ, "TWILIO_API_BASE_URL"):
        # Another provider knows nothing of our robot.
        defaults["HOUSE_PHONE_NUMBER"] = DEMO_HOUSE_PHONE
    if os.geteuid() == 0:
        # Whoever runs the demonstration as root in a container knows it already.
        defaults["PYTHONWARNINGS"] = SUPERUSER_WARNING
    fixed = {
        "PORT": str(port),
        "SIMULATOR_PORT": str(simulator_port),
        "DATA_DIR": str(places.var),
        "DJANGO_SETTINGS_MODULE": "emergency.settings",
    }
    chosen = {k: v for k, v in defaults.items() if not given(environ, k)}
    return {**environ, **chosen, **fixed}


def publish(places: Places, environment: Mapping[str, str]) -> None:
    """A second shell and the tests find in ``env.json`` what the product uses."""
    names = {
        *("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PUBLIC_BASE_URL", "DATA_DIR"),
        *("TWILIO_API_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
        *("TWILIO_FROM_NUMBER", "EMAIL_URL", "DEMO", "PORT", "SIMULATOR_PORT"),
        *("HOUSE_PHONE_NUMBER", "PUSH_ALLOW_HOSTS", "DJANGO_SETTINGS_MODULE"),
        *("EMERGENCY_MAILBOX_URL", "EMERGENCY_MAIL_ADDRESS"),
    }
    found = {
        name: value
        for name, value in sorted(environment.items())
        if name in names or name.startswith("SMS_GATEWAY_")
    }
    write_private(places.env_file, json.dumps(found, indent=2) + "\n")


def _gateway(
    environ: Mapping[str, str], own: Mapping[str, str], *, simulator: str, web: str
) -> dict[str, str]:
    """The simulator is the second way for SMS, unless the product was pointed at
    another provider: then a text must not end at a telephone that nobody holds."""
    if given(environ, "TWILIO_API_BASE_URL") or given(environ, "SMS_GATEWAY_URL"):
        return {}
    messages = f"{simulator}/gateway/messages"
    return {
        "SMS_GATEWAY_URL": messages,
        "SMS_GATEWAY_LOOKUP_URL": f"{messages}/{{id}}",
        "SMS_GATEWAY_FIND_URL": f"{messages}?reference={{token}}",
        "SMS_GATEWAY_SECRET": own["SMS_GATEWAY_SECRET"],
        "SMS_GATEWAY_CALLBACK_SECRET": own["SMS_GATEWAY_CALLBACK_SECRET"],
        "SIMULATOR_GATEWAY_TOKEN": own["SMS_GATEWAY_SECRET"],
        "SIMULATOR_GATEWAY_SECRET": own["SMS_GATEWAY_CALLBACK_SECRET"],
        "SIMULATOR_GATEWAY_INBOUND_URL": f"{web}/webhooks/gateway/sms/inbound",
    }


def _secrets(places: Places) -> dict[str, str]:
    """The installation's own keys, made once and kept."""
    try:
        kept: dict[str, str] = json.loads(places.secrets_file.read_text())
    except (OSError, ValueError):
        kept = {}
    made = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "SMS_GATEWAY_SECRET": secrets.token_hex(16),
        "SMS_GATEWAY_CALLBACK_SECRET": secrets.token_hex(16),
    }
    if not made.keys() <= kept.keys():
        kept = made | kept
        write_private(places.secrets_file, json.dumps(kept, indent=2) + "\n")
    return kept
