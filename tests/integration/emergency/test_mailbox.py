"""The mailbox of the emergency address is read once, and nothing in it changes."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from emergency.actions.mailbox import read_mailbox
from emergency.checks import mailbox_is_named
from emergency.mailboxes import imap
from emergency.models import Message, ReceivedMail
from tests.imap_server import ImapServer
from tests.people import NIGHT

TODAY = NIGHT.date()
READING = ("LOGIN", "CAPABILITY", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT")


def letter(number=1, **headers):
    named = {
        "From": "Pat <pat@example.com>",
        "Subject": f"Mail {number}",
        "Message-ID": f"<{number}@example.com>",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"{head}\r\nThe shop is down.\r\n".encode()


@pytest.fixture
def server(db, settings):
    with ImapServer() as made:
        settings.EMERGENCY_MAILBOX_URL = made.url()
        yield made


@pytest.fixture
def maildir(db, settings, tmp_path):
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    settings.EMERGENCY_MAILBOX_URL = f"maildir://{tmp_path}"
    return tmp_path


def read(now=NIGHT):
    return read_mailbox(clock=lambda: now)


def test_each_mail_is_read_once(server):
    server.put(letter(1), arrived=TODAY)
    assert read() == 1
    server.put(letter(2), arrived=TODAY)
    assert read() == 1
    assert read() == 0
    assert set(ReceivedMail.objects.values_list("subject", flat=True)) == {
        "Mail 1",
        "Mail 2",
    }


def test_nothing_in_the_mailbox_changes(server):
    uid = server.put(letter(), arrived=TODAY)
    read()
    assert all(one.startswith(READING) for one in server.commands), server.commands
    fetched = [one for one in server.commands if one.startswith("UID FETCH")]
    assert fetched
    assert all("PEEK" in one for one in fetched)
    assert not server.folders["INBOX"][uid].seen


def test_numbers_that_were_given_anew_bring_no_mail_twice(server):
    server.put(letter(), arrived=TODAY)
    read()
    server.renumber()
    read()
    assert ReceivedMail.objects.exclude(state="ignored").count() == 1
    assert Message.objects.count() == 1, "and no second answer"
    assert read() == 0


def test_the_same_mail_in_two_places_is_taken_in_once(server):
    server.put(letter(), arrived=TODAY)
    server.put(letter(), arrived=TODAY)
    read()
    assert ReceivedMail.objects.filter(state="waiting").count() == 1


def test_old_mail_is_left_alone(server):
    server.put(letter(), arrived=TODAY - timedelta(days=2))
    assert read() == 0
    assert not ReceivedMail.objects.exists()


def test_a_folder_with_an_umlaut_is_found(server, settings):
    settings.EMERGENCY_MAILBOX_URL = server.url("Notf%C3%A4lle")
    server.put(letter(), arrived=TODAY, folder="Notf&AOQ-lle")
    assert read() == 1


def test_a_mail_that_is_too_large_is_read_in_part(server, monkeypatch):
    monkeypatch.setattr(imap, "LARGEST_MAIL", 200)
    server.put(letter() + b"x" * 5000, arrived=TODAY)
    read()
    mail = ReceivedMail.objects.get()
    assert not mail.whole
    assert mail.text.startswith("The shop is down.")
    assert len(mail.text) < 200


@pytest.mark.parametrize("command", ["LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH"])
def test_a_server_that_hangs_up_is_asked_again_later(server, command, caplog):
    server.put(letter(), arrived=TODAY)
    server.hangs_up_at = command
    assert read() == 0
    assert "mailbox cannot be read" in caplog.text
    assert "password" not in caplog.text
    server.hangs_up_at = ""
    assert read() == 1


def test_a_wrong_password_is_told_without_the_password(server, settings, caplog):
    settings.EMERGENCY_MAILBOX_URL = server.url(password="wrong-secret")
    assert read() == 0
    assert "login_refused" in caplog.text
    assert "wrong-secret" not in caplog.text


def test_nobody_reads_a_mailbox_that_is_not_named(db, settings):
    settings.EMERGENCY_MAILBOX_URL = ""
    assert read() == 0
    with pytest.raises(CommandError, match="not set"):
        call_command("read_mailbox")


def test_the_dry_run_lists_and_changes_nothing(server):
    server.put(letter(), arrived=timezone.localdate())
    server.put(
        letter(2, **{"Auto-Submitted": "auto-replied"}), arrived=timezone.localdate()
    )
    out = StringIO()
    call_command("read_mailbox", "--dry-run", "--json", stdout=out)
    first, second = json.loads(out.getvalue())
    assert (first["sender"], first["machine"]) == ("pat@example.com", "")
    assert second["machine"] == "auto_replied"
    assert not ReceivedMail.objects.exists()
    call_command("read_mailbox", "--dry-run", stdout=out)
    assert "nothing was changed" in out.getvalue()


def test_the_command_takes_in(server):
    server.put(letter(), arrived=timezone.localdate())
    out = StringIO()
    call_command("read_mailbox", stdout=out)
    assert out.getvalue().startswith("1 taken in")


def test_a_maildir_is_read_where_its_files_lie(maildir):
    (maildir / "new" / "1.a.host").write_bytes(letter(1))
    (maildir / "cur" / "2.b.host:2,S").write_bytes(letter(2))
    before = sorted(maildir.rglob("*"))
    now = timezone.now()
    assert read(now) == 2
    assert sorted(maildir.rglob("*")) == before
    (maildir / "new" / "1.a.host").rename(maildir / "cur" / "1.a.host:2,S")
    assert read(now) == 0


def test_a_maildir_that_is_missing_is_told(maildir, settings, caplog):
    settings.EMERGENCY_MAILBOX_URL = "maildir:///nowhere/at/all"
    assert read() == 0
    assert "no_such_folder" in caplog.text


@pytest.mark.parametrize(
    ("url", "complaints"),
    [
        ("", 0),
        ("maildir:///var/mail/emergency", 0),
        ("imaps://user:p%40ss@mail.example/INBOX", 0),
        ("imaps://mail.example/INBOX", 1),
        ("pop3://user:secret@mail.example", 1),
        ("maildir:///", 1),
    ],
)
def test_an_address_that_names_no_mailbox_is_told_at_the_start(
    settings, url, complaints
):
    settings.EMERGENCY_MAILBOX_URL = url
    found = mailbox_is_named()
    assert len(found) == complaints
    assert not any("secret" in f"{one.msg} {one.hint}" for one in found)
