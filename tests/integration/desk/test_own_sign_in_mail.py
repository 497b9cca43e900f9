"""Whoever's own way to sign in changes hears of it by e-mail, and it is on record."""

import json
import re
import smtplib
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command

from emergency.actions.erasing import purge
from emergency.actions.message_send import overdue_messages, send_message
from emergency.models import AuditEntry, Message, Staff
from tests import people
from tests.authenticator import Key, app_set_up, by_password, options_on
from tests.integration.desk.conftest import Desk

pytestmark = pytest.mark.usefixtures("strict_sign_in")

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def anna(desk: Desk) -> Staff:
    Staff.objects.filter(pk=desk.anna.staff.pk).update(language="en")
    return Staff.objects.get(pk=desk.anna.staff.pk)


@pytest.fixture
def done(django_capture_on_commit_callbacks, monkeypatch):
    """Within it commits happen: the library tells what it has to tell after each."""
    monkeypatch.setattr("emergency.wake.nudge", lambda *_what: None)
    return partial(django_capture_on_commit_callbacks, execute=True)


def _sent(desk: Desk) -> list[Any]:
    """What a worker sends now of what waits."""
    mail.outbox.clear()
    for pk in list(Message.objects.due(desk.clock.now).values_list("pk", flat=True)):
        send_message(message_id=pk, clock=lambda: desk.clock.now)
    return list(mail.outbox)


def _subjects(desk: Desk) -> list[str]:
    return [letter.subject for letter in _sent(desk)]


def _on_record(staff: Staff) -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(area="sign_in", subject=f"staff:{staff.pk}")
    return [(row.code, row.values.get("kind", "")) for row in rows.order_by("pk")]


def test_every_change_of_a_factor_is_told_and_on_record(anna, desk, done) -> None:
    client = by_password(anna, people.PASSWORD)
    with done():
        _app, codes = app_set_up(client, desk.clock.now)
    assert _subjects(desk) == ["Your sign-in: an app was added"]
    with done():
        client.post("/desk/security/codes/new/")
    assert _subjects(desk) == ["Your sign-in: new recovery codes"]
    options = options_on(client.get("/desk/security/passkey/").content.decode())
    made = {"credential": json.dumps(Key().create(options))}
    client.post("/desk/security/passkey/", made)
    assert _subjects(desk) == ["Your sign-in: a passkey was added"]
    passkey = Authenticator.objects.get(user=anna, type="webauthn")
    client.post(f"/desk/security/passkey/{passkey.pk}/remove/")
    assert _subjects(desk) == ["Your sign-in: a passkey was removed"]
    client.post("/desk/security/app/remove/")
    assert _subjects(desk) == ["Your sign-in: an app was removed"]
    assert _on_record(anna) == [
        ("factor_added", "totp"),
        ("factor_added", "recovery_codes"),
        ("factor_renewed", "recovery_codes"),
        ("factor_added", "webauthn"),
        ("factor_removed", "webauthn"),
        ("factor_removed", "totp"),
    ]
    kept = " ".join(Message.objects.values_list("text", flat=True))
    assert not any(code in kept for code in codes)


def test_another_password_is_told_with_time_and_browser_and_no_address_to_follow(
    anna, desk: Desk
) -> None:
    client = by_password(anna, people.PASSWORD)
    app_set_up(client, desk.clock.now)
    typed = {"old_password": people.PASSWORD, "new_password": "an-other-word-at-3"}
    client.post("/desk/security/password/", typed, headers={"user-agent": FIREFOX})
    (letter,) = _sent(desk)
    assert letter.to == [anna.email]
    assert letter.subject == "Your sign-in: another password"
    assert "Changed on Tue 10 Mar, 02:11. Browser: Firefox, Linux." in letter.body
    assert "tell an administrator at once" in letter.body
    assert "an-other-word-at-3" not in letter.body
    html = letter.alternatives[0][0]
    assert not re.search(r"https?://|href", f"{letter.body} {html}")
    assert ("password_changed", "") in _on_record(anna)


def test_a_reset_by_somebody_else_is_told_to_whose_it_was(anna, desk: Desk) -> None:
    app_set_up(by_password(anna, people.PASSWORD), desk.clock.now)
    _sent(desk)
    call_command("reset_second_factor", anna.email)
    assert _subjects(desk) == ["Your sign-in: the second factor was reset"]


def test_the_mail_is_in_the_language_of_the_person(anna, desk, done) -> None:
    Staff.objects.update(language="de")
    # The browser speaks English.
    with done():
        app_set_up(by_password(anna, people.PASSWORD), desk.clock.now)
    (letter,) = _sent(desk)
    assert letter.extra_headers["Content-Language"] == "de"
    assert letter.body.startswith("Guten Tag")


def test_a_mail_server_that_is_away_delays_the_mail_and_keeps_nothing_back(
    anna, desk, done, monkeypatch
) -> None:
    def away(_backend, _messages):
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", away)
        with done():
            app_set_up(by_password(anna, people.PASSWORD), desk.clock.now)
        assert _sent(desk) == []
    assert Authenticator.objects.filter(user=anna, type="totp").exists()
    desk.clock.pass_time(hours=2)
    assert overdue_messages(now=desk.clock.now, grace=timedelta(0))
    assert _subjects(desk) == ["Your sign-in: an app was added"]


def test_what_was_written_is_forgotten_in_its_time(anna, desk, done, settings) -> None:
    with done():
        app_set_up(by_password(anna, people.PASSWORD), desk.clock.now)
    _sent(desk)
    purge(now=desk.clock.pass_time(days=settings.RETENTION_CASE_DAYS + 1))
    row = Message.objects.get()
    assert (row.address, row.subject, row.text) == ("", "", "")
