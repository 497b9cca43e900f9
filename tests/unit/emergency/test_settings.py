"""Settings are read from the environment, and never fail on it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHOW = """
import json
from emergency import settings
print(json.dumps([settings.UNREADABLE, settings.SECRET_KEY, settings.EMAIL_FILE_PATH,
                  settings.TIME_ZONE, settings.DATABASES["default"]["NAME"]]))
"""


def settings_with(**variables: str) -> list[object]:
    shown = subprocess.run(
        [sys.executable, "-c", SHOW],
        env={"PATH": os.environ["PATH"], **variables},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return list(json.loads(shown.stdout))


def test_no_variable_at_all_is_no_error():
    assert settings_with()[0] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "nonsense"),
        ("EMAIL_URL", "carrier-pigeon"),
        ("TIME_ZONE", "Europe/Atlantis"),
        ("VOICE_RING_SECONDS", "soon"),
    ],
)
def test_a_value_that_means_nothing_is_named_and_its_default_used(name, value):
    unreadable, _, _, zone, database = settings_with(**{name: value})
    assert unreadable == [name]
    assert (zone, database) == ("Europe/Vienna", "emergency")


def test_a_secret_may_stand_in_a_file(tmp_path):
    secret = tmp_path / "key"
    secret.write_text("from a file\n")
    assert settings_with(SECRET_KEY_FILE=str(secret))[1] == "from a file"


def test_a_variable_wins_over_its_file(tmp_path):
    secret = tmp_path / "key"
    secret.write_text("from a file")
    shown = settings_with(
        SECRET_KEY="from the environment", SECRET_KEY_FILE=str(secret)
    )
    assert shown[1] == "from the environment"


def test_mail_goes_into_the_folder_that_was_named():
    assert settings_with(EMAIL_URL="file:///tmp/mail")[2] == "/tmp/mail"
