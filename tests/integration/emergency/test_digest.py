"""A storm: one telephone, several emergencies, one call; nothing waits unseen."""

import random
from datetime import timedelta

import pytest

from emergency.actions.acknowledge import acknowledge
from emergency.actions.answer import answer_by_key
from emergency.actions.delivery import record_callback
from emergency.actions.digest import LONGEST_WAIT, follow
from emergency.actions.escalate import overdue_pages, tick
from emergency.actions.outcome import record_receipt
from emergency.actions.send import LEASE, claim
from emergency.models import Incident, Page
from emergency.pagers.base import Receipt
from emergency.pagers.twiml import twiml_for
from tests import people
from tests.integration.emergency.provider import BROKEN, TAKEN
from tests.integration.emergency.sending import call_of, claimed, send
from tests.people import NIGHT

SECOND = timedelta(seconds=1)
LONGEST_TWIML = 4000


@pytest.fixture
def storm(anna, incident, provider):
    """Anna's telephone rings for the first emergency when three more are reported."""
    send(incident.pages.get(kind="sms"))
    send(call_of(incident))
    later = [people.report(now=NIGHT + n * SECOND) for n in (1, 2, 3)]
    for number, other in enumerate(later, start=1):
        for page in other.pages.order_by("kind"):
            send(page, NIGHT + number * SECOND)
    return [incident, *later]


def calls(incidents):
    return [call_of(incident) for incident in incidents]


def token_of(page):
    return page.attempts.latest("pk").token


def ends(page, word="busy", at=NIGHT):
    record_callback(
        token=token_of(page),
        kind="voice",
        values={"CallSid": "CA1", "CallStatus": word, "SequenceNumber": "4"},
        now=at,
    )


def presses(page, at=NIGHT):
    page.refresh_from_db()
    return answer_by_key(token=token_of(page), digit=page.digit, now=at)


def owners(incidents):
    rows = Incident.objects.filter(pk__in=[i.pk for i in incidents]).order_by("pk")
    return [incident.owner for incident in rows]


def test_the_texts_go_at_once_and_only_the_calls_wait(storm):
    for incident in storm:
        assert incident.pages.get(kind="sms").status == Page.Status.SENT
    first, *held = calls(storm)
    assert first.status == Page.Status.SENT
    assert {page.held_reason for page in held} == {"digest"}
    for incident in storm[1:]:
        assert incident.timeline.filter(code="page_held").count() == 1


def test_what_waits_is_due_together_a_minute_after_the_first_of_it(storm):
    assert {page.due_at for page in calls(storm)[1:]} == {NIGHT + SECOND + LONGEST_WAIT}


def test_as_soon_as_the_line_is_free_one_call_reads_out_all_that_waits(storm, provider):
    before = provider.orders()
    first, second, third, fourth = calls(storm)
    ends(first, "completed", NIGHT + 20 * SECOND)
    now = NIGHT + 21 * SECOND
    for page in overdue_pages(now=now, grace=timedelta(0)):
        send(Page.objects.get(pk=page), now)

    second, third, fourth = calls(storm)[1:]
    assert provider.orders() == before + 1
    assert {page.status for page in (second, third, fourth)} == {Page.Status.SENT}
    assert (second.digest, third.digest, fourth.digest) == (None, second, second)
    assert second.attempts.count() == 1
    for incident in storm[1:]:
        spoken = " ".join(incident.reference.removeprefix("NF-").replace("-", ""))
        assert spoken in sayings(provider)


def test_a_drill_and_a_real_emergency_are_never_read_out_in_one_call(storm, provider):
    drill = storm[2]
    Incident.objects.filter(pk=drill.pk).update(is_drill=True)
    ends(call_of(storm[0]), "completed", NIGHT + 20 * SECOND)
    now = NIGHT + 21 * SECOND
    for page in overdue_pages(now=now, grace=timedelta(0)):
        send(Page.objects.get(pk=page), now)
    _first, second, apart, fourth = calls(storm)
    assert (second.digest, fourth.digest) == (None, second)
    assert apart.digest is None
    said = [letter[1].replace("+", "") for letter in provider.letters]
    of_the_drill = [words for words in said if drill.reference[3:7] in words]
    assert of_the_drill
    assert not any(storm[1].reference[3:7] in words for words in of_the_drill)


def sayings(provider):
    return provider.letters[-1][1].replace("+", " ")


def test_a_busy_line_holds_nothing_longer_than_a_minute(storm, provider):
    before = provider.orders()
    now = NIGHT + SECOND + LONGEST_WAIT
    for page in overdue_pages(now=now, grace=timedelta(0)):
        send(Page.objects.get(pk=page), now)
    assert provider.orders() == before + 1


def test_several_at_the_same_moment_go_in_one_call_at_once(anna, provider):
    incidents = [people.report() for _ in range(12)]
    send(call_of(incidents[0]))
    assert {page.status for page in calls(incidents)} == {Page.Status.SENT}
    assert provider.orders() == 1
    assert "8 more" in sayings(provider)


def test_one_key_takes_all_that_still_need_somebody(storm, anna):
    eva = people.technician("Bernd Huber")
    leader = the_digest_call(storm)
    acknowledge(incident_id=storm[2].pk, technician=eva, now=NIGHT, via="desk")
    answered = presses(leader, NIGHT + 30 * SECOND)

    assert answered is not None
    assert (answered.code, answered.count) == ("taken", 2)
    assert owners(storm[1:]) == [anna, eva, anna]


def test_the_same_key_told_again_changes_nothing(storm, anna):
    leader = the_digest_call(storm)
    presses(leader)
    before = [incident.timeline.count() for incident in storm]
    presses(leader)
    assert [incident.timeline.count() for incident in storm] == before


def the_digest_call(incidents, at=NIGHT + 21 * SECOND):
    ends(call_of(incidents[0]), "completed", at)
    return send(call_of(incidents[1]), at)


@pytest.mark.parametrize("word", ["busy", "no-answer", "failed", "completed"])
def test_a_digest_call_that_fails_moves_every_emergency_on_at_once(storm, word):
    leader = the_digest_call(storm)
    at = NIGHT + 40 * SECOND
    ends(leader, word, at)

    assert {page.status for page in calls(storm)} == {Page.Status.FAILED}
    tick(now=at, by="test")
    for incident in storm[1:]:
        assert incident.timeline.filter(code="page_failed").count() == 1
        assert incident.pages.filter(step=1).exists()


def test_a_provider_that_is_gone_fails_every_page_of_the_digest(storm, provider):
    provider.will(BROKEN)
    at = NIGHT + 21 * SECOND
    leader = the_digest_call(storm, at)
    assert {page.status for page in calls(storm)[1:]} == {Page.Status.QUEUED}
    tick(now=at, by="test")
    for incident in storm[1:]:
        assert incident.pages.filter(step=1).exists()

    provider.will(TAKEN)
    before = provider.orders()
    send(leader, leader.due_at)
    assert provider.orders() == before + 1
    assert {page.status for page in calls(storm)[1:]} == {Page.Status.SENT}


def test_a_digest_whose_sender_dies_is_sent_again_whole(storm, provider):
    at = NIGHT + 21 * SECOND
    ends(call_of(storm[0]), "completed", at)
    leader = call_of(storm[1])
    claim(page_id=leader.pk, now=at)
    assert {page.status for page in calls(storm)[1:]} == {Page.Status.CLAIMED}

    later = at + LEASE + SECOND
    before = provider.orders()
    for page in overdue_pages(now=later, grace=timedelta(0)):
        send(Page.objects.get(pk=page), later)
    assert provider.orders() == before + 1
    assert {page.status for page in calls(storm)[1:]} == {Page.Status.SENT}


def test_pages_of_a_digest_whose_end_nobody_could_pass_on_fail_by_themselves(storm):
    at = NIGHT + 21 * SECOND
    ends(call_of(storm[0]), "completed", at)
    order = claimed(call_of(storm[1]).pk, at)
    taken = Receipt(provider="twilio", provider_id="CA9", status="queued")
    record_receipt(order=order, receipt=taken, now=at)
    follow(lead_id=order.page_id, now=at)
    # The process dies here: the lead fails, and nobody tells the others.
    Page.objects.filter(pk=order.page_id).update(status="failed", error_code="busy")

    # One tick fails what is silent, the next takes the decision that fell due by it.
    for _ in range(2):
        tick(now=at + timedelta(seconds=120), by="test")
    for incident in storm[2:]:
        assert call_of(incident).error_code == "silence"
        assert incident.pages.filter(step=1).exists()


def test_a_reminder_and_a_missed_deadline_never_wait(storm, anna, provider):
    first = storm[0]
    page = call_of(storm[1])
    for purpose in ("reminder", "missed"):
        Page.objects.filter(pk=page.pk).update(
            purpose=purpose, held_reason="", due_at=NIGHT, status="queued"
        )
        before = provider.orders()
        send(page, NIGHT + 2 * SECOND)
        assert provider.orders() == before + 1
    assert call_of(first).status == Page.Status.SENT


def test_without_a_text_on_its_way_the_call_goes_at_once(anna, incident, provider):
    anna.contact_methods.filter(kind="sms").delete()
    send(call_of(incident))
    alone = people.report(now=NIGHT + SECOND)
    assert send(call_of(alone), NIGHT + SECOND).status == Page.Status.SENT


def test_what_a_digest_says_fits_into_a_call(anna, provider):
    account = people.customer().account
    for number in range(5):
        account.servers.create(name=f"{number}{'x' * 200}.example", address=None)
    incidents = [
        people.report(server=f"{number}{'x' * 200}.example") for number in range(5)
    ]
    for language in ("de", "en"):
        anna.staff.language = language
        anna.staff.save()
        Page.objects.filter(kind="voice").update(
            status="queued", digest=None, lease_until=None
        )
        order = claimed(call_of(incidents[0]).pk, NIGHT)
        assert len(twiml_for(order)) < LONGEST_TWIML


@pytest.mark.parametrize("seed", range(3))
def test_in_any_storm_every_emergency_is_taken_or_goes_on(anna, provider, seed):
    dice = random.Random(seed)
    now = NIGHT
    incidents = [people.report(now=now)]
    for _ in range(20):
        now += timedelta(seconds=dice.choice([1, 5, 20, 45]))
        happening = dice.choice(["report", "end", "key", "die", "send", "send"])
        lead = Page.objects.filter(
            kind="voice", status="sent", digest=None, attempts__isnull=False
        ).first()
        if happening == "report":
            incidents.append(people.report(now=now))
        elif happening == "end" and lead:
            ends(lead, dice.choice(["busy", "completed"]), now)
        elif happening == "key" and lead:
            presses(lead, now)
        else:
            due = overdue_pages(now=now, grace=timedelta(0))
            for page_id in due:
                if happening == "die" and dice.random() < 0.5:
                    claim(page_id=page_id, now=now)
                else:
                    send(Page.objects.get(pk=page_id), now)
        tick(now=now, by="test")
    # From here on nothing breaks and nobody answers: everything comes to everybody.
    for _ in range(18):
        now += timedelta(seconds=45)
        tick(now=now, by="test")
        for page_id in overdue_pages(now=now, grace=timedelta(0)):
            send(Page.objects.get(pk=page_id), now)
    for incident in Incident.objects.all():
        everybody = incident.timeline.filter(code="step_fired", values__step=2)
        taken = incident.timeline.filter(code="acknowledged")
        assert taken.exists() or everybody.exists()
    waiting = Page.objects.filter(kind="voice", held_reason="digest", status="queued")
    assert not waiting.filter(due_at__gt=now + LONGEST_WAIT).exists()
