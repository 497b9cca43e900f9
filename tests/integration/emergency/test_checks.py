"""Bad configuration is said at start, with a hint, and never as a traceback."""

from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError

from emergency.models import Staff


def ids(**arguments):
    return {message.id for message in run_checks(**arguments)}


def hints():
    return [message.hint for message in run_checks()]


def test_the_settings_of_the_tests_are_well():
    assert ids() == set()


def test_an_empty_secret_key_is_an_error_with_a_hint(settings):
    settings.SECRET_KEY = ""
    assert "emergency.E001" in ids()
    assert any("SECRET_KEY_FILE" in (hint or "") for hint in hints())


@pytest.mark.parametrize(
    "address", ["notfall.example", "ftp://notfall.example", "https://x.example/path"]
)
def test_an_address_that_callbacks_cannot_be_built_from_is_an_error(settings, address):
    settings.PUBLIC_BASE_URL = address
    assert "emergency.E002" in ids()


@pytest.mark.parametrize(
    ("url", "host", "found"),
    [
        ("", "", set()),
        ("https://crm.example/list.csv", "", set()),
        ("http://127.0.0.1:9/list.csv", "127.0.0.1:9", set()),
        ("http://127.0.0.1:9/list.csv", "", {"emergency.E020"}),
        ("http://crm.example/list.csv", "crm.example", {"emergency.E020"}),
        ("https://me:secret@crm.example/", "", {"emergency.E020"}),
        ("/list.csv", "", {"emergency.E020"}),
    ],
)
def test_an_address_of_the_nightly_import_is_looked_at(settings, url, host, found):
    settings.ACCOUNTS_IMPORT_URL = url
    settings.ACCOUNTS_IMPORT_ALLOW_HOST = host
    assert ids() == found


@pytest.mark.parametrize("percent", [0, 101])
def test_a_brake_that_would_never_or_always_hold_is_an_error(settings, percent):
    settings.ACCOUNTS_IMPORT_BRAKE_PERCENT = percent
    assert ids() == {"emergency.E021"}


def test_a_public_address_without_encryption_is_a_warning(settings):
    settings.PUBLIC_BASE_URL = "http://notfall.example"
    assert "emergency.W001" in ids()


@pytest.mark.parametrize(
    "name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM_NUMBER"]
)
def test_a_missing_provider_is_a_warning_and_refuses_no_ordinary_command(
    settings, name
):
    setattr(settings, name, "")
    written = StringIO()
    call_command("check", stderr=written)
    assert "emergency.W002" in written.getvalue()
    assert name in written.getvalue()
    assert "emergency.E003" not in written.getvalue()


def test_a_missing_provider_is_an_error_where_the_product_is_put_to_use(settings):
    settings.TWILIO_AUTH_TOKEN = ""
    with pytest.raises(SystemCheckError, match=r"emergency\.E003"):
        call_command("check", deploy=True, stderr=StringIO())


@pytest.mark.django_db
def test_without_a_provider_the_database_can_be_migrated(settings):
    settings.TWILIO_AUTH_TOKEN = ""
    written = StringIO()
    call_command("migrate", skip_checks=False, stdout=written, stderr=StringIO())
    assert "No migrations to apply" in written.getvalue()


def test_a_variable_that_cannot_be_read_is_an_error(settings):
    settings.UNREADABLE = ["TIME_ZONE"]
    assert "emergency.E004" in ids()


@pytest.mark.django_db
def test_demo_logins_on_a_public_address_are_refused(settings):
    Staff.objects.create_user("anna@example.com", "word", full_name="A", is_demo=True)
    assert "emergency.E005" not in ids(databases=["default"])
    settings.PUBLIC_BASE_URL = "https://notfall.example"
    assert "emergency.E005" in ids(databases=["default"])


@pytest.mark.django_db
def test_demo_data_is_refused_on_a_public_address(settings):
    settings.PUBLIC_BASE_URL = "https://notfall.example"
    with pytest.raises(CommandError, match="loopback"):
        call_command("seed_demo")
    assert not Staff.objects.exists()


@pytest.mark.django_db
def test_demo_data_is_refused_where_somebody_works_already():
    Staff.objects.create_user("real@example.com", "word", full_name="R")
    with pytest.raises(CommandError, match="in use"):
        call_command("seed_demo")


@pytest.mark.parametrize(
    ("number", "wrong"),
    [("", False), ("+4366012345678", False), ("0660 1234", True), ("+43 x", True)],
)
def test_a_house_phone_must_be_a_number_that_can_ring(settings, number, wrong):
    settings.HOUSE_PHONE_NUMBER = number
    assert ("emergency.E011" in ids()) is wrong


def test_a_deployment_without_anybody_who_watches_is_warned(settings):
    settings.HEARTBEAT_URL = settings.HOUSE_PHONE_NUMBER = ""
    assert {"emergency.W010", "emergency.W011"} <= ids(include_deployment_checks=True)
    assert not {"emergency.W010", "emergency.W011"} & ids()


@pytest.mark.parametrize(
    ("country", "part"), [("XX", ""), ("AT", "XYZ"), ("ÖSTERREICH", ""), ("DE", "AT")]
)
def test_holidays_that_nobody_knows_are_an_error_with_a_hint(settings, country, part):
    settings.HOLIDAY_COUNTRY, settings.HOLIDAY_SUBDIVISION = country, part
    assert "emergency.E012" in ids()
    assert any("ISO 3166" in (hint or "") for hint in hints())


def test_a_country_and_its_part_that_are_known_are_no_error(settings):
    settings.HOLIDAY_COUNTRY, settings.HOLIDAY_SUBDIVISION = "DE", "BY"
    assert "emergency.E012" not in ids()


@pytest.mark.parametrize("name", ["SHORT", "CASE", "EVIDENCE"])
def test_data_that_would_be_erased_at_once_is_an_error(settings, name):
    setattr(settings, f"RETENTION_{name}_DAYS", 0)
    assert "emergency.E013" in ids()


def test_cases_that_outlive_their_evidence_are_a_warning(settings):
    settings.RETENTION_CASE_DAYS = 2000
    assert ids() == {"emergency.W013"}
