"""The environment is documented, and every variable does what its page says."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.sources import APPS, PROJECT, called, calls, modules

pytestmark = pytest.mark.no_servers

PAGE = PROJECT / "docs" / "configuration.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \| (yes|no) \|$", re.MULTILINE)
READERS = {"text", "flag", "whole_number", "time_zone", "parsed"}
ENVIRONMENT_READERS = {
    *("get", "given", "given_address", "read_port", "_required", "_secret", "_number"),
}
# Read by the simulator alone; its own tests show that a file does for them.
OF_THE_SIMULATOR = {
    f"SIMULATOR_{name}" for name in ("SHARED_KEY", "GATEWAY_TOKEN", "GATEWAY_SECRET")
}
# What programs around us define; nobody sets them for the product.
FOREIGN = {"DJANGO_SETTINGS_MODULE", "MAKELEVEL"}
SETTINGS = (
    PROJECT / "emergency" / "settings.py",
    PROJECT / "emergency" / "gateway_settings.py",
    PROJECT / "emergency" / "billing_settings.py",
    PROJECT / "emergency" / "limit_settings.py",
    PROJECT / "emergency" / "stage_settings.py",
)

SHOW = """
import json, os
from emergency import settings
wanted = json.loads(os.environ["WANTED"])
print(json.dumps({name: str(getattr(settings, name)) for name in wanted}))
"""


def documented() -> dict[str, bool]:
    """Every variable on the page, and whether it is marked as a secret."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {name: secret == "yes" for name, _meaning, _default, secret in rows}


def first_literal(call: ast.Call, position: int) -> str | None:
    if len(call.args) > position and isinstance(call.args[position], ast.Constant):
        value = call.args[position].value  # type: ignore[attr-defined]
        return value if isinstance(value, str) and value.isupper() else None
    return None


def read_in_settings() -> set[str]:
    return {
        name
        for path in SETTINGS
        for call in calls(path)
        if called(call) in READERS
        if (name := first_literal(call, 0))
    }


def read_elsewhere() -> set[str]:
    """Names that launcher and simulator look up in the environment they are given."""
    found: set[str] = set()
    for path in modules(*APPS, "tests"):
        if path in SETTINGS:
            continue
        for call in calls(path):
            source = ast.unparse(call.func)
            about_environment = "environ" in source or called(call) != "get"
            if called(call) in ENVIRONMENT_READERS and about_environment:
                position = 0 if called(call) == "get" else 1
                if name := first_literal(call, position):
                    found.add(name)
        found |= set(
            re.findall(r'"([A-Z_]+)" (?:not )?in os\.environ', path.read_text("utf-8"))
        )
    return found - FOREIGN


def test_every_variable_that_is_read_is_documented() -> None:
    read = read_in_settings()
    assert {"SECRET_KEY", "DATABASE_URL", "TIME_ZONE", "VOICE_RING_SECONDS"} <= read
    elsewhere = read_elsewhere()
    assert {"PORT", "SIMULATOR_PORT", "NO_COLOR", "DATA_DIR"} <= elsewhere
    assert read | elsewhere <= set(documented())


def test_every_variable_that_is_documented_is_read() -> None:
    assert set(documented()) <= read_in_settings() | read_elsewhere()


def settings_with(environment: dict[str, str], *wanted: str) -> dict[str, Any]:
    answer = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=PROJECT,
        env={
            "PATH": os.environ["PATH"],
            "WANTED": json.dumps(wanted),
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_the_settings_can_be_read_with_no_variable_set() -> None:
    found = settings_with({}, "SECRET_KEY", "TIME_ZONE", "DATA_DIR", "DEBUG")
    assert found == {
        "SECRET_KEY": "",
        "TIME_ZONE": "Europe/Vienna",
        "DATA_DIR": str(PROJECT / "var"),
        "DEBUG": "False",
    }


def test_every_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    values = {
        "SECRET_KEY": "a key from a file",
        "TWILIO_AUTH_TOKEN": "a token from a file",
        "TWILIO_AUTH_TOKEN_SECONDARY": "another token from a file",
        "TWILIO_WEBHOOK_KEY": "a key of callbacks from a file",
        "REDIS_URL": "redis://from-a-file/0",
        "HEARTBEAT_URL": "https://watch.example/from-a-file",
        "METRICS_TOKEN": "a word from a file",
        "ACCOUNTS_IMPORT_TOKEN": "a bearer from a file",
        "EMERGENCY_MAILBOX_URL": "imaps://user:from-a-file@mail.example/INBOX",
    }
    of_the_gateway = {
        "SMS_GATEWAY_SECRET": "a secret of the gateway from a file",
        "SMS_GATEWAY_CALLBACK_SECRET": "a word of its callbacks from a file",
    }
    of_billing = {
        "HAND_OVER_SECRET": "a secret of the hand-over from a file",
        "HAND_OVER_CALLBACK_SECRET": "a word of its answers from a file",
        "HAND_OVER_CALLBACK_SECRET_SECONDARY": "its next word from a file",
        "DOCUMENT_PUSH_SECRET": "a secret of the customer system from a file",
    }
    of_pages = {"HUND_API_KEY": "a key of a status page from a file"}
    addresses = {
        "DATABASE_URL": ("postgres://from-a-file/db", "DATABASES"),
        "EMAIL_URL": ("smtp://from-a-file", "EMAIL_HOST"),
    }
    secrets = {name for name, secret in documented().items() if secret}
    own = secrets - OF_THE_SIMULATOR
    assert {*values, *of_the_gateway, *of_billing, *of_pages, *addresses} == own
    environment = {}
    for name, value in [
        *values.items(),
        *of_the_gateway.items(),
        *of_billing.items(),
        *of_pages.items(),
        *((name, address[0]) for name, address in addresses.items()),
    ]:
        (tmp_path / name).write_text(f"{value}\n", encoding="utf-8")
        environment[f"{name}_FILE"] = str(tmp_path / name)
    found = settings_with(
        environment,
        *values,
        *("DATABASES", "EMAIL_HOST", "SMS_GATEWAY", "HAND_OVER", "DOCUMENT_PUSH"),
        "STATUS_PAGE_SECRETS",
    )
    told = found["HAND_OVER"] + found["DOCUMENT_PUSH"]
    assert all(value in told for value in of_billing.values())
    assert of_pages["HUND_API_KEY"] in found["STATUS_PAGE_SECRETS"]
    assert all(value in found["SMS_GATEWAY"] for value in of_the_gateway.values())
    assert {name: found[name] for name in values} == values
    assert "'HOST': 'from-a-file'" in found["DATABASES"]
    assert found["EMAIL_HOST"] == "from-a-file"


def test_a_value_that_means_nothing_is_named_and_its_default_used() -> None:
    wrong = {
        "TIME_ZONE": "Mars/Olympus",
        "VOICE_RING_SECONDS": "soon",
        "EMAIL_URL": "pigeon://",
        "DATABASE_URL": "nowhere",
    }
    found = settings_with(wrong, "UNREADABLE", "TIME_ZONE", "VOICE_RING_SECONDS")
    assert all(name in found["UNREADABLE"] for name in wrong)
    assert found["TIME_ZONE"] == "Europe/Vienna"
    assert found["VOICE_RING_SECONDS"] == "25"


def test_only_the_demo_allows_frames_and_sets_telephones() -> None:
    ours = {"TWILIO_API_BASE_URL": "http://127.0.0.1:8901", "SIMULATOR_PORT": "8901"}
    wanted = (
        *("X_FRAME_OPTIONS", "CONTENT_SECURITY_POLICY"),
        *("STAGE_TELEPHONES", "CELERY_BEAT_SCHEDULE"),
    )
    off = settings_with(ours, *wanted)
    assert (off["X_FRAME_OPTIONS"], off["STAGE_TELEPHONES"]) == ("DENY", "")
    assert "'frame-ancestors': [\"'none'\"]" in off["CONTENT_SECURITY_POLICY"]
    assert "stage" not in off["CELERY_BEAT_SCHEDULE"]
    on = settings_with({**ours, "DEMO": "1"}, *wanted)
    assert on["X_FRAME_OPTIONS"] == "SAMEORIGIN"
    assert on["STAGE_TELEPHONES"] == "http://127.0.0.1:8901"
    assert "'frame-ancestors': [\"'self'\"]" in on["CONTENT_SECURITY_POLICY"]
    assert "direct_the_stage" in on["CELERY_BEAT_SCHEDULE"]
    # Another provider's telephones are nobody's to set.
    elsewhere = settings_with({**ours, "DEMO": "1", "SIMULATOR_PORT": "8900"}, *wanted)
    assert elsewhere["STAGE_TELEPHONES"] == ""
