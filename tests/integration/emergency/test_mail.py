"""Mail to the emergency address: attached where it belongs, else waiting, answered
once, and paging nobody."""

from datetime import timedelta

import pytest
from django.core import mail as outgoing

from emergency.actions import mail as mail_actions
from emergency.actions.mail import take_in
from emergency.actions.message_send import send_message
from emergency.mailboxes.base import Content, Place
from emergency.mailboxes.letter import Letter
from emergency.models import Contact, Message, Page, ReceivedMail
from emergency.pagers.email import message_id
from emergency.queries.mail import mail_address
from emergency.rules.limits import DEFAULTS, Ordinary
from tests import people
from tests.people import NIGHT

ADDRESS = "pat@example.com"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def named(settings):
    settings.EMERGENCY_MAILBOX_URL = "maildir:///var/mail/emergency"
    settings.EMERGENCY_MAIL_ADDRESS = "notfall@hoster.example"


@pytest.fixture
def incident(anna):
    return people.report(number="+436641234567")


class Post:
    """Mails arrive one after the other."""

    number = 0

    def brings(self, *, now=NIGHT, body="Es brennt.", whole=True, **headers):
        self.number += 1
        named = {
            "From": f"Pat <{ADDRESS}>",
            "Subject": "Shop",
            "Message-ID": f"<{self.number}@example.com>",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        return take_in(
            mailbox="test",
            content=Content(
                place=Place(uid_validity="1", uid=str(self.number)),
                raw=f"{head}\r\n{body}".encode(),
                whole=whole,
            ),
            now=now,
        )


@pytest.fixture
def post(db):
    return Post()


def answers():
    return Message.objects.filter(purpose="mail_answer")


def test_a_mail_with_the_reference_in_its_subject_is_attached(post, incident):
    pages = Page.objects.count()
    mail = post.brings(Subject=f"Re: {incident.reference} Shop")
    assert (mail.state, mail.incident) == ("attached", incident)
    assert mail.text == "Es brennt."
    assert incident.timeline.get(code="mail_attached").values == {"mail": mail.pk}
    assert Page.objects.count() == pages, "it pages nobody"
    assert not answers().exists()


def test_a_reply_to_a_message_of_ours_is_attached(post, incident):
    token = incident.messages.get().token
    mail = post.brings(In_Reply_To=message_id(token), From="other@example.com")
    assert mail.incident == incident


def test_a_mail_from_a_contact_with_an_open_incident_is_attached(post, incident):
    account = people.customer().account
    Contact.objects.update(email=ADDRESS)
    incident.account = account
    incident.save()
    assert post.brings().incident == incident


def test_a_contact_with_two_open_incidents_leaves_it_to_the_desk(post, incident):
    people.report(number="+436641234567", server="web02.example")
    people.customer()
    Contact.objects.update(email=ADDRESS)
    type(incident).objects.update(account=Contact.objects.get().account)
    assert post.brings().state == "waiting"


def test_an_incident_that_has_ended_gets_no_mail(post, incident):
    type(incident).objects.update(status="cancelled")
    assert post.brings(Subject=incident.reference).state == "waiting"


def test_any_other_mail_waits_and_its_sender_is_told_so(post, settings):
    mail = post.brings(Message_ID="<theirs@example.com>")
    assert mail.state == "waiting"
    assert not Page.objects.exists()
    assert send_message(message_id=answers().get().pk, clock=lambda: NIGHT)
    answer = outgoing.outbox[-1]
    assert answer.to == [ADDRESS]
    assert answer.extra_headers["Auto-Submitted"] == "auto-replied"
    assert answer.extra_headers["In-Reply-To"] == "<theirs@example.com>"
    assert answer.reply_to == ["notfall@hoster.example"]
    assert "Sie weckt niemanden" in answer.body
    assert "It wakes nobody" in answer.body
    assert f"{settings.PUBLIC_BASE_URL}/" in answer.body
    assert "Es brennt" not in answer.body, "what was written is not sent back"


def test_a_sender_is_answered_once_a_day(post):
    post.brings()
    post.brings(From=f"Other name <{ADDRESS.upper()}>")
    assert answers().count() == 1
    post.brings(now=NIGHT + 24 * HOUR)
    assert answers().count() == 2


def test_a_flood_of_senders_is_not_answered_without_end(post, monkeypatch):
    few = Ordinary(most=3, within=timedelta(hours=1))
    monkeypatch.setitem(DEFAULTS, "answers-mail", few)
    for number in range(6):
        post.brings(From=f"p{number}@example.com")
    assert answers().count() == 3
    assert ReceivedMail.objects.filter(state="waiting").count() == 6


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"From": "notfall@hoster.example"},
    ],
)
def test_loops_are_taken_out(post, incident, headers):
    mail = post.brings(Subject=incident.reference, **headers)
    assert mail.state == "ignored"
    assert not answers().exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Precedence": "bulk"},
        {"List_Id": "<x>"},
        {"Auto_Submitted": "auto-generated"},
        {"From": "no-reply@example.com"},
        {"From": "nobody"},
    ],
)
def test_other_machines_wait_for_a_person_and_get_no_answer(post, headers):
    assert post.brings(**headers).state == "waiting"
    assert not answers().exists()


def test_our_own_mail_is_known(post, incident):
    token = incident.messages.get().token
    assert post.brings(Message_ID=message_id(token)).machine == "own"


def test_a_message_of_ours_that_came_back_has_failed(post, incident):
    message = incident.messages.get()
    Message.objects.update(status="sent", sent_at=NIGHT)
    post.brings(
        Content_Type="multipart/report; boundary=a",
        body=f"--a\r\n\r\nAction: failed\r\nMessage-ID: {message_id(message.token)}\r\n"
        "\r\n--a--",
    )
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("failed", "returned")
    assert incident.timeline.filter(code="message_failed").exists()


def test_what_no_row_can_hold_still_waits_for_somebody(post, monkeypatch):
    broken = Letter(subject="a\x00b", machine="")
    monkeypatch.setattr(mail_actions, "read_letter", lambda raw: broken)
    assert post.brings().state == "waiting"
    assert not answers().exists()


def test_without_a_mailbox_nobody_is_asked_to_write(settings):
    assert mail_address() == "notfall@hoster.example"
    settings.EMERGENCY_MAILBOX_URL = ""
    assert mail_address() == ""
