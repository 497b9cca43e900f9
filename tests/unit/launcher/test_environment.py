"""The product's environment: what is set stays, what is not describes a demo."""

import json
import stat
from pathlib import Path

import dj_email_url
import phonenumbers
import pytest

from emergency.launcher.environment import product_environment, publish
from emergency.launcher.places import Places
from emergency.launcher.servers import Servers

pytestmark = pytest.mark.no_servers

ELSEWHERE = Servers("postgres://elsewhere/db", "redis://elsewhere", None, None)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.of({}, tmp_path / "night shift")


def environment(places: Places, **environ: str) -> dict[str, str]:
    return product_environment(
        environ, places=places, servers=ELSEWHERE, port=8001, simulator_port=8901
    )


@pytest.mark.parametrize(
    "name",
    [
        *("SECRET_KEY", "PUBLIC_BASE_URL", "TWILIO_API_BASE_URL", "EMAIL_URL"),
        *("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM_NUMBER", "DEMO"),
        *("SIMULATOR_DIR", "SIMULATOR_SMS_WEBHOOK_URL", "DATABASE_URL", "REDIS_URL"),
    ],
)
def test_a_variable_that_is_set_is_kept(places: Places, name: str) -> None:
    assert environment(places)[name] != "as given"
    assert environment(places, **{name: "as given"})[name] == "as given"


@pytest.mark.parametrize("name", ["SECRET_KEY", "TWILIO_AUTH_TOKEN"])
def test_a_secret_given_as_a_file_is_not_covered(places: Places, name: str) -> None:
    found = environment(places, **{f"{name}_FILE": "/run/secrets/one"})
    assert name not in found
    assert found[f"{name}_FILE"] == "/run/secrets/one"


def test_the_demo_s_secrets_are_made_once_and_closed_to_others(places: Places) -> None:
    first = environment(places)
    second = environment(places)
    for name in ("SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        assert first[name] == second[name]
    assert first["TWILIO_ACCOUNT_SID"].startswith("AC")
    assert len(first["TWILIO_ACCOUNT_SID"]) == 34
    assert stat.S_IMODE(places.secrets_file.stat().st_mode) == 0o600


def test_a_second_installation_has_other_secrets(tmp_path: Path) -> None:
    one, other = (environment(Places.of({}, tmp_path / n)) for n in ("one", "other"))
    assert one["SECRET_KEY"] != other["SECRET_KEY"]
    assert one["TWILIO_AUTH_TOKEN"] != other["TWILIO_AUTH_TOKEN"]


def test_somebody_else_s_database_gets_no_demo(places: Places) -> None:
    assert environment(places)["DEMO"] == "0"


def test_mails_become_files_also_below_a_path_with_spaces(places: Places) -> None:
    parsed = dj_email_url.parse(environment(places)["EMAIL_URL"])
    assert parsed["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert parsed["EMAIL_FILE_PATH"] == str(places.var / "mail")


def test_the_demo_s_own_number_can_be_dialled(places: Places) -> None:
    number = phonenumbers.parse(environment(places)["TWILIO_FROM_NUMBER"])
    assert phonenumbers.is_valid_number(number)


def test_addresses_follow_the_ports(places: Places) -> None:
    found = environment(places)
    assert found["PUBLIC_BASE_URL"] == "http://127.0.0.1:8001"
    assert found["TWILIO_API_BASE_URL"] == "http://127.0.0.1:8901"
    assert found["SIMULATOR_SMS_WEBHOOK_URL"].startswith("http://127.0.0.1:8001/")


def test_the_second_way_for_texts_is_the_simulator_s_gateway(places: Places) -> None:
    found = environment(places)
    assert found["SMS_GATEWAY_URL"] == "http://127.0.0.1:8901/gateway/messages"
    assert found["SIMULATOR_GATEWAY_TOKEN"] == found["SMS_GATEWAY_SECRET"]
    assert found["SIMULATOR_GATEWAY_SECRET"] == found["SMS_GATEWAY_CALLBACK_SECRET"]
    inbound = found["SIMULATOR_GATEWAY_INBOUND_URL"]
    assert inbound == "http://127.0.0.1:8001/webhooks/gateway/sms/inbound"


@pytest.mark.parametrize("name", ["TWILIO_API_BASE_URL", "SMS_GATEWAY_URL"])
def test_with_another_provider_no_text_goes_to_the_simulator_instead(
    places: Places, name: str
) -> None:
    found = environment(places, **{name: "https://provider.example"})
    others = {key for key in found if "GATEWAY" in key} - {name}
    assert others == set()


def test_an_older_installation_gets_the_secrets_it_lacks(places: Places) -> None:
    first = environment(places)
    kept = json.loads(places.secrets_file.read_text())
    places.secrets_file.write_text(json.dumps({"SECRET_KEY": kept["SECRET_KEY"]}))
    again = environment(places)
    assert again["SECRET_KEY"] == first["SECRET_KEY"]
    assert again["SMS_GATEWAY_SECRET"]


def test_a_second_shell_finds_the_addresses_and_nobody_else(places: Places) -> None:
    publish(places, environment(places, UNRELATED="x"))
    content = json.loads(places.env_file.read_text())
    assert content["DATABASE_URL"] == ELSEWHERE.database_url
    assert "UNRELATED" not in content
    assert stat.S_IMODE(places.env_file.stat().st_mode) == 0o600


def test_data_dir_moves_everything_that_is_kept(tmp_path: Path) -> None:
    assert Places.of({}, tmp_path).var == tmp_path / "var"
    assert Places.of({"DATA_DIR": "kept"}, tmp_path).var == tmp_path / "kept"
    assert Places.of({"DATA_DIR": "/kept"}, tmp_path).var == Path("/kept")
