"""Many documents at once: each by itself, told one by one, and never twice."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from billing import wake
from billing.actions import batch as batches
from billing.actions import issue, review
from billing.actions.batch import SLICE, TRIES, go_on, run_batch, start_batch
from billing.actions.collect import collect
from billing.actions.refusal import BillingRefusal
from billing.models import Batch, BatchItem, Document, DocumentStep, Issuer
from billing.tasks import transmit_due
from tests.integration.billing.door import an_incident
from tests.integration.billing.stories import MORNING, approved
from tests.integration.billing.test_pages import signed_in, text, url

BOTH = Batch.Act.APPROVE_AND_ISSUE


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


def drafts(door, *references, **changes):
    for reference in references:
        door.add(an_incident(reference, **changes))
    collect(now=MORNING)
    found = Document.objects.filter(incident_reference__in=references)
    return list(found.order_by("pk"))


def started(documents, accountant, act=BOTH):
    return start_batch(
        document_ids=[one.pk for one in documents],
        act=act,
        staff_id=accountant.pk,
        now=MORNING,
    )


def outcomes(batch):
    return {
        item.reference: (item.status, item.problem)
        for item in BatchItem.objects.filter(batch=batch)
    }


def test_drafts_are_approved_and_issued_and_it_says_by_whom(door, profile, accountant):
    documents = drafts(door, "NF-1", "NF-2")
    batch = started(documents, accountant)
    assert run_batch(batch_id=batch.pk, now=MORNING) is False
    assert outcomes(batch) == {"NF-1": ("done", ""), "NF-2": ("done", "")}
    batch.refresh_from_db()
    assert (batch.finished_at, batch.created_by) == (MORNING, accountant)
    for number, document in enumerate(documents, start=1):
        document.refresh_from_db()
        assert document.number == f"RE-2026-{number:05}"
        by = {step.code: step.by for step in document.steps.all()}
        assert by["approved"] == by["issue_requested"] == accountant


def test_one_that_is_held_stops_no_other(door, profile, accountant):
    held = drafts(door, "NF-HELD", cause="undetermined")
    good = drafts(door, "NF-GOOD")
    batch = started([*held, *good], accountant)
    run_batch(batch_id=batch.pk, now=MORNING)
    assert outcomes(batch) == {"NF-HELD": ("refused", "held"), "NF-GOOD": ("done", "")}


def test_one_that_breaks_stops_no_other_and_leaves_nothing_half(
    door, profile, accountant, monkeypatch
):
    documents = drafts(door, "NF-1", "NF-BAD", "NF-3")

    def approve(*, document_id, **values):
        made = review.approve(document_id=document_id, **values)
        if made.incident_reference == "NF-BAD":
            raise RuntimeError("the disk is full")
        return made

    monkeypatch.setattr(batches, "approve", approve)
    batch = started(documents, accountant)
    run_batch(batch_id=batch.pk, now=MORNING)
    assert outcomes(batch)["NF-BAD"] == ("refused", "batch_failed")
    assert [one[0] for one in outcomes(batch).values()].count("done") == 2
    bad = Document.objects.get(incident_reference="NF-BAD")
    assert (bad.status, bad.approved_at) == ("draft", None)


def test_a_missing_issuer_refuses_the_issue_and_keeps_the_approval(
    door, profile, accountant
):
    documents = drafts(door, "NF-1")
    Issuer.objects.update(iban="")
    batch = started(documents, accountant)
    run_batch(batch_id=batch.pk, now=MORNING)
    assert outcomes(batch) == {"NF-1": ("refused", "issuer_incomplete")}
    documents[0].refresh_from_db()
    assert documents[0].status == "approved"


def test_running_again_does_nothing_again(door, profile, accountant):
    documents = drafts(door, "NF-1")
    batch = started(documents, accountant)
    for _twice in range(2):
        run_batch(batch_id=batch.pk, now=MORNING)
    again = started(documents, accountant)
    run_batch(batch_id=again.pk, now=MORNING + timedelta(hours=1))
    assert outcomes(again) == {"NF-1": ("done", "")}
    document = Document.objects.get()
    assert document.number == "RE-2026-00001"
    assert document.steps.filter(code="issued").count() == 1


def test_a_button_pressed_twice_is_one_batch(door, profile, accountant):
    documents = drafts(door, "NF-1", "NF-2")
    first = started(documents, accountant)
    assert started(documents, accountant) == first
    assert started(documents[:1], accountant) != first
    assert started(documents, accountant, Batch.Act.APPROVE) != first


def test_a_batch_goes_on_in_slices(door, profile, accountant, monkeypatch):
    woken = []
    monkeypatch.setattr(wake, "after_commit", lambda *a: woken.append(a))
    documents = drafts(door, *(f"NF-{number}" for number in range(SLICE + 1)))
    batch = started(documents, accountant, Batch.Act.APPROVE)
    assert woken == [("billing.run_batch", batch.pk)]
    go_on(batch_id=batch.pk, now=MORNING)
    assert batch.items.filter(status="waiting").count() == 1
    assert len(woken) == 2
    go_on(batch_id=batch.pk, now=MORNING)
    assert len(woken) == 2
    batch.refresh_from_db()
    assert batch.finished_at == MORNING


def test_a_lost_nudge_is_made_good_by_the_sweep(door, profile, accountant):
    batch = started(drafts(door, "NF-1"), accountant, Batch.Act.APPROVE)
    transmit_due()
    assert outcomes(batch) == {"NF-1": ("done", "")}


def test_one_that_ended_its_worker_comes_last_and_then_not_at_all(
    door, profile, accountant
):
    documents = drafts(door, "NF-1", "NF-2")
    batch = started(documents, accountant, Batch.Act.APPROVE)
    item = batch.items.get(reference="NF-1")
    BatchItem.objects.filter(pk=item.pk).update(attempts=1)
    run_batch(batch_id=batch.pk, now=MORNING, most=1)
    assert outcomes(batch)["NF-1"] == ("waiting", "")
    assert outcomes(batch)["NF-2"] == ("done", "")
    BatchItem.objects.filter(pk=item.pk).update(attempts=TRIES)
    run_batch(batch_id=batch.pk, now=MORNING)
    assert outcomes(batch)["NF-1"] == ("refused", "batch_failed")


def test_a_draft_that_has_gone_is_told(door, profile, accountant):
    documents = drafts(door, "NF-1")
    batch = started(documents, accountant)
    Document.objects.all().delete()
    run_batch(batch_id=batch.pk, now=MORNING)
    assert outcomes(batch) == {"NF-1": ("refused", "document_gone")}


@pytest.mark.parametrize(
    ("ids", "code"),
    [([], "nothing_chosen"), ([987_654], "changed"), (range(2001), "too_many_chosen")],
)
def test_a_wish_that_makes_no_sense_is_refused(ids, code, accountant):
    with pytest.raises(BillingRefusal) as refused:
        start_batch(document_ids=ids, act=BOTH, staff_id=accountant.pk, now=MORNING)
    assert refused.value.code == code
    assert not Batch.objects.exists()


def test_the_database_wants_the_end_told(door, profile, accountant):
    batch = started(drafts(door, "NF-1"), accountant)
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.items.update(status="refused", done_at=MORNING)


def test_by_clicks_from_the_to_do_page_to_the_end(door, profile, page):
    good = drafts(door, "NF-1", "NF-2")
    drafts(door, "NF-HELD", cause="undetermined")
    shown = text(page.get(url("index")))
    assert f'name="document" value="{good[0].pk}"' in shown
    response = page.post(
        url("batch_start"),
        {"act": "approve_issue", "document": [good[0].pk]},
    )
    batch = Batch.objects.get()
    assert response.url == url("batch", batch.pk)
    waiting = text(page.get(response.url))
    assert 'http-equiv="refresh"' in waiting
    assert "0 of 1" in waiting
    run_batch(batch_id=batch.pk, now=MORNING)
    done = text(page.get(response.url))
    assert 'http-equiv="refresh"' not in done
    assert "Done: 1. Not done: 0." in done
    assert "RE-2026-00001" in done
    listed = text(page.get(url("batches")))
    assert "Approve and issue" in listed


def test_everything_that_is_ready_is_one_click(door, profile, page):
    drafts(door, "NF-1", "NF-2")
    drafts(door, "NF-HELD", cause="undetermined")
    page.post(url("batch_start"), {"act": "approve_issue", "scope": "ready"})
    references = BatchItem.objects.values_list("reference", flat=True)
    assert sorted(references) == ["NF-1", "NF-2"]


def test_everything_that_a_filter_shows_is_one_click(door, profile, page, accountant):
    approved(door, accountant.pk, "NF-A")
    drafts(door, "NF-B")
    page.post(
        url("batch_start"),
        {"act": "issue", "scope": "filtered", "filters": "text=nf-&status="},
    )
    assert BatchItem.objects.get().reference == "NF-A"


def test_what_was_not_done_is_tried_again(door, profile, page, accountant):
    (held,) = drafts(door, "NF-1", cause="undetermined")
    batch = started([held], accountant)
    run_batch(batch_id=batch.pk, now=MORNING)
    assert "There are still open holds." in text(page.get(url("batch", batch.pk)))
    held.holds.update(released_at=MORNING, released_by=accountant, why="Asked.")
    again = page.post(url("batch_repeat", batch.pk))
    made = Batch.objects.latest("pk")
    assert again.url == url("batch", made.pk)
    run_batch(batch_id=made.pk, now=MORNING)
    assert outcomes(made) == {"NF-1": ("done", "")}


@pytest.mark.parametrize("data", [{}, {"act": "pay"}, {"act": "issue"}])
def test_a_wish_for_nothing_is_answered_calmly(data, page, issuer):
    response = page.post(url("batch_start"), data, follow=True)
    assert response.status_code == 200
    assert not Batch.objects.exists()


WORKERS, DOCUMENTS = 4, 12


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_do_each_document_once(
    door, profile, accountant, monkeypatch
):
    monkeypatch.setattr(issue, "render_pdf", lambda *_: b"%PDF-1.7")
    monkeypatch.setattr(wake, "_send", lambda *_: None)
    documents = drafts(door, *(f"NF-{number}" for number in range(DOCUMENTS)))
    batch = started(documents, accountant)
    problems: list[Exception] = []

    def work() -> None:
        try:
            run_batch(batch_id=batch.pk, now=MORNING)
        except Exception as error:  # noqa: BLE001 - told to the test
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not problems
    assert set(outcomes(batch).values()) == {("done", "")}
    batch.refresh_from_db()
    assert batch.finished_at == MORNING
    numbers = sorted(str(one.number) for one in Document.objects.all())
    assert numbers == [f"RE-2026-{n:05}" for n in range(1, DOCUMENTS + 1)]
    steps = DocumentStep.objects.filter(code__in=["approved", "issued"])
    assert steps.count() == 2 * DOCUMENTS
