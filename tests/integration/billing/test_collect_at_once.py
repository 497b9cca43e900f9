"""Collecting in two places at once doubles nothing, and a missed run heals."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from billing.actions import collect as collecting
from billing.actions import drafting
from billing.actions.collect import Outcome, collect, collect_one
from billing.actions.issue import issue_document
from billing.actions.review import approve
from billing.models import BillingProfile, Document, DocumentLine, DocumentStep
from tests.integration.billing.door import NIGHT, an_incident
from tests.integration.billing.stories import MORNING

INCIDENTS = 12


def at_once(action, times=2):
    """What each of the threads found; all begin together."""
    together, found, problems = threading.Barrier(times), [], []

    def run():
        try:
            together.wait(10)
            found.append(action())
        except Exception as error:  # noqa: BLE001 - told to the test
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    return found


def in_all(runs):
    counts: Counter[Outcome] = Counter()
    return sum(runs, counts)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_each_draft_once(door, profile):
    door.add(*(an_incident(f"NF-TEST-{n}") for n in range(INCIDENTS)))
    runs = at_once(lambda: collect(now=MORNING))
    total = in_all(runs)
    assert total[Outcome.MADE] == INCIDENTS
    assert total[Outcome.FAILED] == 0
    assert Document.objects.count() == INCIDENTS
    assert DocumentLine.objects.count() == 2 * INCIDENTS
    drafted = DocumentStep.objects.filter(code="drafted")
    assert drafted.count() == INCIDENTS


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_second_waits_and_leaves_the_draft_alone(
    door, profile, monkeypatch
):
    """Both have seen that there is no draft before the first one is computed."""
    door.add(an_incident())
    seen = threading.Barrier(2)

    def compute_together(work, *, now):
        seen.wait(10)
        return drafting.compute(work, now=now)

    monkeypatch.setattr(collecting, "compute", compute_together)
    outcomes = at_once(lambda: collect_one(reference="NF-TEST-1", now=MORNING))
    assert sorted(outcomes) == [Outcome.MADE, Outcome.SAME]
    assert Document.objects.get().lines.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_unknown_account_seen_twice_at_once_gets_one_profile(door, issuer):
    door.add(*(an_incident(f"NF-TEST-{n}") for n in range(4)))
    runs = at_once(lambda: collect(now=MORNING), times=3)
    assert in_all(runs)[Outcome.FAILED] == 0
    assert BillingProfile.objects.count() == 1
    assert Document.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_month_gathered_twice_at_once_is_one_draft(door, profile, accountant):
    BillingProfile.objects.update(collective=True)
    door.add(*(an_incident(f"NF-TEST-{n}") for n in range(4)))
    collect(now=MORNING)
    for document in Document.objects.all():
        approve(document_id=document.pk, staff_id=accountant.pk, now=MORNING)
    april = MORNING + timedelta(days=40)
    runs = at_once(lambda: collect(now=april), times=3)
    assert in_all(runs)[Outcome.FAILED] == 0
    draft = Document.objects.get(gathers_month__isnull=False)
    assert draft.members.count() == 4
    assert draft.lines.count() == 8


@pytest.mark.django_db(transaction=True)
def test_issued_twice_at_once_it_has_one_number(door, profile, accountant):
    door.add(an_incident())
    collect(now=MORNING)
    document = Document.objects.get()
    approve(document_id=document.pk, staff_id=accountant.pk, now=MORNING)
    numbers = at_once(
        lambda: issue_document(document_id=document.pk, now=MORNING).number
    )
    assert numbers == ["RE-2026-00001"] * 2
    assert document.transmissions.count() == 1


@pytest.mark.django_db
def test_a_missed_run_heals_with_the_next_whenever_that_is(door, profile):
    """Nothing depends on when collecting ran: what ended weeks ago is drafted once."""
    door.add(*(an_incident(f"NF-TEST-{n}") for n in range(3)))
    collect(now=NIGHT + timedelta(days=30))
    collect(now=NIGHT + timedelta(days=31))
    assert Document.objects.count() == 3
    assert set(Document.objects.values_list("supply_to", flat=True)) == {
        MORNING.date() - timedelta(days=1)
    }


@pytest.mark.django_db
def test_a_run_that_died_half_way_is_finished_by_the_next(door, profile, monkeypatch):
    door.add(*(an_incident(f"NF-TEST-{n}") for n in range(3)))
    written: list[int] = []

    def write_one(*args, **kwargs):
        if written:
            raise KeyboardInterrupt
        written.append(1)
        return drafting.create(*args, **kwargs)

    monkeypatch.setattr(collecting, "create", write_one)
    with pytest.raises(KeyboardInterrupt):
        collect(now=MORNING)
    monkeypatch.setattr(collecting, "create", drafting.create)
    assert Document.objects.count() == 1
    collect(now=MORNING)
    assert Document.objects.count() == 3
    assert DocumentLine.objects.count() == 6
