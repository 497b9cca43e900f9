"""Contact methods: proven by a round trip, tested by the real path, marked when bad."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import translation

from emergency.actions import contact_methods
from emergency.actions.page_order import order_for
from emergency.actions.refusal import Refused
from emergency.models import ContactMethod, Page, PageAttempt
from emergency.pagers.push import PushRefused, checked
from tests.night import Night
from tests.telephone import eventually

NEW = "+491713920061"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def add(night: Night, kind: str, address: str = NEW) -> ContactMethod:
    method = contact_methods.add_method(
        technician=night.people["Anna"],
        kind=kind,
        address=address,
        region="DE",
        now=night.now,
    )
    night.act()
    return method


def is_verified(method: ContactMethod) -> bool:
    method.refresh_from_db()
    return method.verified_at is not None


def test_a_telephone_is_proven_by_the_key_that_its_call_asks_for(night: Night) -> None:
    method = add(night, "voice", "0171 3920061")
    assert method.address == NEW
    assert method not in ContactMethod.objects.usable()
    call = night.network.phone(NEW).answer()
    call.hears("confirms your telephone")
    call.press(Page.objects.get(contact_method=method).digit)
    call.hears("confirmed")
    assert is_verified(method)


def test_an_sms_is_proven_by_its_code_as_a_reply(night: Night) -> None:
    method = add(night, "sms")
    code = Page.objects.get(contact_method=method).code
    night.network.phone(NEW).text(code)
    night.network.phone(NEW).write(code, "+43720880000")
    eventually(lambda: is_verified(method), why="the reply proves it")


def test_an_e_mail_is_proven_by_its_code_typed_in(
    quiet_night: Night, mailoutbox
) -> None:
    method = add(quiet_night, "email", "anna@private.example")
    code = Page.objects.get(contact_method=method).code
    assert code in mailoutbox[-1].body
    contact_methods.prove_by_code(
        method_id=method.pk, code=f"{code[:2]} {code[2:]}", now=quiet_night.now
    )
    assert is_verified(method)


def test_a_push_goes_to_its_service_and_is_proven_by_its_code(
    quiet_night: Night, settings
) -> None:
    settings.PUSH_ALLOW_HOSTS = ["127.0.0.1"]
    address = f"{quiet_night.network.url.replace('http', 'json')}/push/anna"
    method = add(quiet_night, "push", address)
    page = Page.objects.get(contact_method=method)
    assert page.status == "delivered"
    sent = [r for r in quiet_night.network.requests() if "/push/anna" in r["path"]]
    assert page.code in sent[-1]["body"]
    assert "/answer/" in sent[-1]["body"]
    contact_methods.prove_by_code(
        method_id=method.pk, code=page.code, now=quiet_night.now
    )
    assert is_verified(method)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("json://127.0.0.1:8000/", "private_host"),
        ("json://localhost/", "private_host"),
        ("json://[::1]:8000/", "private_host"),
        ("json://[::ffff:127.0.0.1]/", "private_host"),
        ("syslog://", "scheme"),
        ("mailto://me:word@gmail.com?smtp=127.0.0.1", "scheme"),
        ("workflows://host.example/a/b/c?template=/etc/passwd", "scheme"),
        ("no address", "unreadable"),
    ],
)
def test_a_push_address_that_reaches_inwards_is_refused(
    settings, address: str, code: str
) -> None:
    settings.PUSH_ALLOW_HOSTS = []
    with pytest.raises(PushRefused) as refused:
        checked(address)
    assert refused.value.code == code


def test_a_push_address_does_not_decide_how_long_we_wait_or_where_we_are_sent_on(
    settings,
) -> None:
    service = checked(
        "ntfy://topic?rto=900&cto=900&retry=10&wait=20&redirect=yes&optional=yes"
    )
    assert service.socket_connect_timeout + service.socket_read_timeout < 15
    assert (service.retry, service.redirects, service.optional) == (0, False, False)


def test_a_name_that_is_pointed_inwards_after_it_was_judged_leads_nowhere(
    quiet_night: Night, settings, monkeypatch
) -> None:
    inside = urlsplit(quiet_night.network.url)
    real, answers = socket.getaddrinfo, iter(["93.184.215.14", "93.184.215.14"])

    def rebinding(host, port, *rest, **options):
        if host != "push.example":
            return real(host, port, *rest, **options)
        return real(next(answers, inside.hostname), port, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    address = f"json://push.example:{inside.port}/push/anna"
    method = add(quiet_night, "push", address)
    page = Page.objects.get(contact_method=method)
    assert (page.status, page.error_code) == ("failed", "push_private_host")
    assert not quiet_night.network.pushes()


def test_a_new_proof_gives_new_tries_and_few_are_sent_in_a_quarter_of_an_hour(
    quiet_night: Night,
) -> None:
    night = quiet_night
    method = add(night, "email", "anna@private.example")

    def wrong() -> str:
        with pytest.raises(Refused) as refused:
            contact_methods.prove_by_code(method_id=method.pk, code="no", now=night.now)
        return refused.value.code

    assert [wrong() for _ in range(6)][-2:] == ["wrong_code", "too_many_codes"]
    for _ in range(3):
        night.now += timedelta(minutes=1)
        contact_methods.ask_for_proof(method_id=method.pk, now=night.now)
        assert wrong() == "wrong_code"
    night.now += timedelta(minutes=1)
    with pytest.raises(Refused, match="Several proofs"):
        contact_methods.ask_for_proof(method_id=method.pk, now=night.now)
    code = Page.objects.filter(contact_method=method).latest("pk").code
    contact_methods.prove_by_code(method_id=method.pk, code=code, now=night.now)
    assert is_verified(method)


def test_a_code_is_good_for_a_quarter_of_an_hour_and_five_tries(
    quiet_night: Night, mailoutbox
) -> None:
    night = quiet_night
    method = add(night, "email", "anna@private.example")
    code = Page.objects.get(contact_method=method).code
    wrong = "00000" if code != "00000" else "11111"
    for _ in range(5):
        with pytest.raises(Refused, match="does not fit"):
            contact_methods.prove_by_code(
                method_id=method.pk, code=wrong, now=night.now
            )
    with pytest.raises(Refused, match="Too many"):
        contact_methods.prove_by_code(method_id=method.pk, code=code, now=night.now)
    night.now += timedelta(minutes=16)
    with pytest.raises(Refused, match="does not fit"):
        contact_methods.prove_by_code(method_id=method.pk, code=code, now=night.now)
    assert not is_verified(method)


def test_a_test_page_goes_the_real_way_and_at_most_once_a_minute(night: Night) -> None:
    anna = night.people["Anna"]
    contact_methods.page_me(technician=anna, now=night.now)
    with pytest.raises(Refused, match="just now"):
        contact_methods.page_me(technician=anna, now=night.now)
    night.act()
    call = night.phone("Anna").answer()
    call.hears("test page")
    page = Page.objects.get(technician=anna, purpose="test", kind="voice")
    call.press(page.digit)
    call.hears("noted")
    page.refresh_from_db()
    assert page.answered_at is not None


def test_a_number_that_is_not_valid_is_out_of_use_and_everybody_concerned_hears_of_it(
    night: Night,
) -> None:
    night.phone("Anna").behave("refused:21217")
    incident = night.report()
    anna = night.people["Anna"]
    voice = anna.contact_methods.get(kind="voice")
    assert (voice.disabled_reason, voice.disabled_at) == ("invalid", night.now)
    # She is on call and has no other telephone: that cannot wait.
    told = Page.objects.filter(purpose="notice", technician=night.people["Eva"])
    assert {page.values["code"] for page in told} == {"on_call_without_voice"}
    assert "voice" in {page.kind for page in told}
    assert Page.objects.filter(purpose="notice", technician=anna, kind="sms").exists()
    # The name is said, and stands in no row that is kept.
    assert told[0].values["person"] == anna.pk
    assert (
        "Anna"
        in order_for(
            told[0],
            PageAttempt(token="t"),
            route="sms:twilio",
            server="",
            now=night.now,
        ).values["person"]
    )
    assert "page_failed" in night.timeline(incident)


def test_stop_ends_texts_alone_and_start_brings_them_back(night: Night) -> None:
    anna = night.people["Anna"]
    night.report()
    night.phone("Anna").write("STOP", "+43720880000")
    sms = anna.contact_methods.get(kind="sms")
    eventually(
        lambda: ContactMethod.objects.get(pk=sms.pk).disabled_reason == "opted_out",
        why="STOP is heeded",
    )
    assert anna.contact_methods.usable().filter(kind="voice").exists()
    assert Page.objects.filter(
        purpose="notice", technician=night.people["Eva"]
    ).exists()
    night.phone("Anna").write("START", "+43720880000")
    eventually(
        lambda: ContactMethod.objects.usable().filter(pk=sms.pk).exists(),
        why="START lifts it",
    )


def test_the_last_telephone_goes_only_when_the_person_insists(db, night) -> None:
    voice = night.people["Anna"].contact_methods.get(kind="voice")
    with pytest.raises(Refused, match="last telephone"):
        contact_methods.remove_method(method_id=voice.pk, sure=False, now=night.now)
    contact_methods.remove_method(method_id=voice.pk, sure=True, now=night.now)
    assert not night.people["Anna"].contact_methods.filter(kind="voice").exists()
