"""The desk's page of waiting mail."""

from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from emergency.models import MailAttachment, ReceivedMail
from tests import people
from tests.people import NIGHT

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def anna(db):
    made = people.technician()
    people.on_call(made)
    return made


@pytest.fixture
def incident(anna):
    return people.report()


@pytest.fixture
def mail(db):
    return ReceivedMail.objects.create(
        mailbox="test",
        uid="1",
        received_at=NIGHT,
        sender="pat@example.com",
        subject=f"Hilfe {EVIL}",
        text=f"Es brennt. {EVIL}",
    )


@pytest.fixture
def desk(anna):
    return people.signed_in(anna)


def test_waiting_mail_is_shown_as_text(desk, mail, incident):
    page = desk.get("/desk/mail/").content.decode()
    assert "Es brennt." in page
    assert EVIL not in page
    assert incident.reference in page
    assert "1 mail waits" in desk.get("/desk/").content.decode()


def test_one_tap_attaches(desk, mail, incident):
    answer = desk.post(
        f"/desk/mail/{mail.pk}/attach/", {"incident": incident.reference}, follow=True
    )
    assert "No mail waits." in answer.content.decode()
    assert "Es brennt." in desk.get(f"/desk/i/{incident.reference}/").content.decode()
    mail.refresh_from_db()
    assert (mail.state, mail.incident) == ("attached", incident)


def test_a_second_tap_says_that_it_is_decided(desk, mail, incident):
    for _time in range(2):
        answer = desk.post(
            f"/desk/mail/{mail.pk}/attach/",
            {"incident": incident.reference},
            follow=True,
        )
    assert "decided about this mail already" in answer.content.decode()
    assert incident.timeline.filter(code="mail_attached").count() == 1


def test_an_incident_nobody_knows_is_an_error_beside_the_choice(desk, mail, incident):
    answer = desk.post(f"/desk/mail/{mail.pk}/attach/", {"incident": "NF-0"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'aria-invalid="true"' in answer.content.decode()
    mail.refresh_from_db()
    assert mail.state == "waiting"


def test_a_mail_is_put_aside(desk, mail):
    desk.post(f"/desk/mail/{mail.pk}/dismiss/")
    mail.refresh_from_db()
    assert mail.state == "dismissed"
    assert mail.decided_by is not None


def test_an_attachment_is_a_download_and_nothing_else(desk, mail):
    content = EVIL.encode()
    file = MailAttachment.objects.create(
        mail=mail, name='x"\r\n.html', content_type="text/html", size=1, content=content
    )
    answer = desk.get(f"/desk/mail/file/{file.pk}/")
    assert answer.content == content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_accounting_and_strangers_read_no_mail(mail):
    accountant = people.signed_in(people.accountant())
    assert accountant.get("/desk/mail/").status_code == HTTPStatus.FORBIDDEN
    assert people.stranger().get("/desk/mail/").status_code == HTTPStatus.FOUND


def test_many_mails_ask_no_more_than_few(desk, mail, incident, known_facts):
    report = incident.reports.get()
    report.reporter_email = mail.sender.upper()
    report.save()

    def asked():
        with CaptureQueriesContext(connection) as captured:
            page = desk.get("/desk/mail/")
        assert page.content.decode().count("Es brennt.") == ReceivedMail.objects.count()
        return len(captured)

    asked()  # reads what is kept for a while
    few = asked()
    for number in range(2, 12):
        mail.pk, mail.uid = None, str(number)
        mail.sender = f"{number}@example.com"
        mail.save()
    assert asked() == few
