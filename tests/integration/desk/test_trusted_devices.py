"""Devices that are trusted for thirty days, and telephones that are lost."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from emergency.models import AuditEntry, Staff, TrustedDevice
from tests import people
from tests.authenticator import app_set_up, by_password
from tests.integration.desk.conftest import Desk
from tests.integration.desk.signing_in import at_second_step, is_in, with_app

pytestmark = pytest.mark.usefixtures("strict_sign_in")

PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/126.0 Mobile Safari/537.36"
)


@pytest.fixture
def anna(desk: Desk) -> Staff:
    return desk.anna.staff


@pytest.fixture
def trusted(anna, desk: Desk) -> Client:
    """Anna's own telephone, trusted just now."""
    app, _codes = with_app(anna, desk)
    client = at_second_step(anna)
    client.defaults["HTTP_USER_AGENT"] = PHONE
    client.post("/desk/login/second/", {"code": app.code(desk.clock.now), "trust": "1"})
    assert is_in(client)
    client.app = app  # type: ignore[attr-defined]
    return client


def test_a_trusted_device_stays_signed_in_for_thirty_days(trusted, desk: Desk) -> None:
    desk.clock.pass_time(days=29, hours=23)
    assert is_in(trusted)
    desk.clock.pass_time(hours=2)
    assert not is_in(trusted)


def test_another_device_is_signed_out_after_a_shift(anna, desk: Desk) -> None:
    app, _codes = with_app(anna, desk)
    client = at_second_step(anna)
    client.post("/desk/login/second/", {"code": app.code(desk.clock.now)})
    desk.clock.pass_time(hours=11)
    assert is_in(client)
    desk.clock.pass_time(hours=2)
    assert not is_in(client)


def test_a_trusted_device_asks_for_the_password_alone(anna, trusted, desk) -> None:
    token = trusted.cookies["trusted_device"].value
    trusted.post("/desk/logout/")
    assert not is_in(trusted)
    desk.clock.pass_time(days=20)
    assert is_in(by_password(anna, people.PASSWORD, trusted_device=token))
    at_second_step(anna)
    desk.clock.pass_time(days=11)
    assert not is_in(by_password(anna, people.PASSWORD, trusted_device=token))


def test_the_trust_of_one_person_helps_no_other(anna, trusted, desk: Desk) -> None:
    with_app(desk.bernd.staff, desk)
    token = trusted.cookies["trusted_device"].value
    other = by_password(desk.bernd.staff, people.PASSWORD, trusted_device=token)
    assert not is_in(other)


def test_a_forgotten_device_is_signed_out_at_once(anna, trusted, desk: Desk) -> None:
    device = TrustedDevice.objects.get()
    page = trusted.get("/desk/security/").content.decode()
    assert "Chrome, Android" in page
    assert trusted.cookies["trusted_device"].value not in device.token_hash
    elsewhere = at_second_step(anna)
    desk.clock.pass_time(minutes=2)
    elsewhere.post("/desk/login/second/", {"code": trusted.app.code(desk.clock.now)})
    elsewhere.post(f"/desk/security/device/{device.pk}/forget/")
    assert is_in(elsewhere)
    assert not is_in(trusted)
    assert AuditEntry.objects.filter(code="device_forgotten").exists()


def test_nobody_forgets_the_device_of_somebody_else(trusted, desk: Desk) -> None:
    with_app(desk.bernd.staff, desk)
    client = people.signed_in(desk.bernd)
    device = TrustedDevice.objects.get()
    answer = client.post(f"/desk/security/device/{device.pk}/forget/")
    assert answer.status_code == 404
    assert is_in(trusted)


def test_another_password_ends_every_trust(anna, trusted, desk: Desk) -> None:
    token = trusted.cookies["trusted_device"].value
    new = "quite-another-word"
    wrong = {"old_password": "wrong", "new_password": new}
    assert trusted.post("/desk/security/password/", wrong).status_code == 200
    assert TrustedDevice.objects.exists()
    right = {"old_password": people.PASSWORD, "new_password": new}
    trusted.post("/desk/security/password/", right)
    assert is_in(trusted)
    assert not TrustedDevice.objects.exists()
    assert not is_in(by_password(anna, new, trusted_device=token))
    assert AuditEntry.objects.filter(code="password_changed").exists()


def test_removing_the_app_ends_every_trust_and_is_asked_first(trusted, anna) -> None:
    assert (
        "It is your last one"
        in trusted.get("/desk/security/app/remove/").content.decode()
    )
    assert Authenticator.objects.filter(user=anna).exists()
    trusted.post("/desk/security/app/remove/")
    assert not Authenticator.objects.filter(user=anna).exists()
    assert not TrustedDevice.objects.exists()
    assert AuditEntry.objects.filter(code="factor_removed").exists()


def test_an_administrator_helps_whoever_lost_their_telephone(
    anna, trusted, desk: Desk
) -> None:
    omar = people.administrator()
    helper = by_password(omar, people.PASSWORD)
    app_set_up(helper, desk.clock.now)
    page = helper.get("/desk/security/people/").content.decode()
    assert "Anna Berger" in page
    assert "Chrome, Android" not in page
    helper.post(f"/desk/security/people/{anna.pk}/reset/")
    assert not is_in(trusted)
    assert not Authenticator.objects.filter(user=anna).exists()
    entry = AuditEntry.objects.get(code="factor_reset")
    assert (entry.staff, entry.subject) == (omar, f"staff:{anna.pk}")
    assert entry.values["devices"] == 1
    fresh = by_password(anna, people.PASSWORD)
    assert fresh.get("/desk/roster/").headers["Location"].startswith("/desk/security/")


def test_nobody_resets_their_own_nor_without_being_administrator(
    anna, trusted, desk: Desk
) -> None:
    omar = people.administrator()
    helper = by_password(omar, people.PASSWORD)
    app_set_up(helper, desk.clock.now)
    helper.post(f"/desk/security/people/{omar.pk}/reset/")
    assert Authenticator.objects.filter(user=omar).exists()
    assert trusted.post(f"/desk/security/people/{omar.pk}/reset/").status_code == 403
    assert Authenticator.objects.filter(user=omar).exists()


def test_the_shell_helps_when_no_administrator_can(anna, trusted, capsys) -> None:
    call_command("reset_second_factor", anna.email)
    assert "Anna Berger" in capsys.readouterr().out
    assert not is_in(trusted)
    assert AuditEntry.objects.get(code="factor_reset").via == "command"
