"""Sixteen threads issue at once, some fail after the number was taken: no gap, no
duplicate, numbers in the order of their dates."""

import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from queue import Empty, SimpleQueue

import pytest
from django.db import connection

from billing.actions import issue as issuing
from billing.actions.drafting import compute
from billing.actions.issue import issue_document
from billing.actions.refusal import BillingRefusal
from billing.documents.renderer import load_renderer
from billing.models import (
    Document,
    DocumentFile,
    DocumentLine,
    DocumentTax,
    NumberSeries,
)
from billing.rules.einvoice import Format
from billing.rules.numbering import parse_number
from tests.integration.billing.door import an_incident
from tests.integration.billing.stories import MORNING

THREADS = 16
AGAIN = {"issue_failed", "series_busy", "date_before_last_number"}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.paper]


class Changed(Exception):
    """Something went wrong after the number was taken."""


@dataclass
class Office:
    """Sixteen clerks with one pile of approved documents and one clock."""

    pile: "SimpleQueue[int]"
    midnight_after: int
    refused: Counter[str] = field(default_factory=Counter)
    problems: list[Exception] = field(default_factory=list)
    done: list[int] = field(default_factory=list)

    def now(self):
        """The second half of the pile is issued on the next day."""
        later = len(self.done) >= self.midnight_after
        return MORNING + timedelta(days=1 if later else 0)

    def work(self):
        try:
            while True:
                self.issue(self.pile.get_nowait())
        except Empty:
            return
        except Exception as error:  # noqa: BLE001 - told to the test
            self.problems.append(error)
        finally:
            connection.close()

    def issue(self, document_id):
        for _ in range(50):
            try:
                issue_document(document_id=document_id, now=self.now())
            except BillingRefusal as refusal:
                if refusal.code not in AGAIN:
                    raise
                self.refused[refusal.code] += 1
            else:
                self.done.append(document_id)
                return
        raise AssertionError("refused fifty times")


def approved_documents(door, count, staff):
    """As many approved invoices, made in bulk."""
    computed = compute(an_incident(), now=MORNING)
    documents = []
    for place in range(count):
        reference = f"NF-MANY-{place:04d}"
        door.add(an_incident(reference, frozen_at=MORNING))
        work = {**computed.columns["work"], "reference": reference}
        documents.append(
            Document(
                **{**computed.columns, "work": work},
                incident_reference=reference,
                status="approved",
                created_at=MORNING,
                computed_at=MORNING,
                approved_at=MORNING,
                approved_by=staff,
            )
        )
    Document.objects.bulk_create(documents)
    DocumentLine.objects.bulk_create(
        DocumentLine(document=document, position=position, **vars(line))
        for document in documents
        for position, line in enumerate(computed.lines, start=1)
    )
    DocumentTax.objects.bulk_create(
        DocumentTax(document=one, category=code, rate=rate, base=base, amount=amount)
        for one in documents
        for code, rate, base, amount in computed.taxes
    )
    return documents


def fail_once_in_ten(monkeypatch, documents):
    """The first try of every tenth document fails after its number was taken."""
    doomed = {document.pk for document in documents[::10]}
    write, taken = issuing._write_files, []

    def write_or_fail(document, now):
        write(document, now)
        if document.pk in doomed:
            doomed.remove(document.pk)
            taken.append(document.number)
            raise Changed

    monkeypatch.setattr(issuing, "_write_files", write_or_fail)
    return taken


def issue_all(documents):
    pile: SimpleQueue[int] = SimpleQueue()
    for document in documents:
        pile.put(document.pk)
    office = Office(pile, midnight_after=len(documents) // 2)
    threads = [threading.Thread(target=office.work) for _ in range(THREADS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
    assert not any(thread.is_alive() for thread in threads)
    assert office.problems == []
    return office, time.monotonic() - began


def check(count, office, rolled_back, seconds, what, capsys):
    """Prints the figures of the run, then holds them against what must be."""
    rows = Document.objects.filter(number__isnull=False)
    found = sorted(
        (number.position, day)
        for text, day in rows.values_list("number", "issue_date")
        if (number := parse_number(text or "")) and day
    )
    positions = [position for position, _ in found]
    gaps = len(set(range(1, count + 1)) - set(positions))
    doubled = len(positions) - len(set(positions))
    days = [day for _, day in found]
    disorder = sum(before > after for before, after in pairwise(days))
    refused = office.refused
    with capsys.disabled():
        sys.stdout.write(
            f"\n{count} invoices ({what}) by {THREADS} threads in {seconds:.1f} s, "
            f"{count / seconds:.1f}/s: {len(rolled_back)} rolled back after their "
            f"number was taken, {refused['date_before_last_number']} refused for the "
            f"day before, {refused['series_busy']} that waited too long; "
            f"gaps {gaps}, duplicates {doubled}, out of date order {disorder}\n"
        )
    assert len(rolled_back) == -(-count // 10)
    assert (gaps, doubled, disorder) == (0, 0, 0)
    assert len(positions) == count
    assert len(set(days)) == 2, "the run must pass midnight"
    assert NumberSeries.objects.get(kind="invoice").last == count
    assert DocumentFile.objects.count() == count


def test_640_invoices_with_prepared_bytes(
    door, profile, accountant, monkeypatch, capsys
):
    monkeypatch.setattr(issuing, "load_renderer", lambda: None)
    monkeypatch.setattr(issuing, "render_pdf", lambda document, xml: b"%PDF-prepared")
    monkeypatch.setattr(
        issuing, "electronic_forms", lambda document: {Format.FACTUR_X: b"<prepared/>"}
    )
    documents = approved_documents(door, 640, accountant)
    taken = fail_once_in_ten(monkeypatch, documents)
    office, seconds = issue_all(documents)
    check(640, office, taken, seconds, "prepared bytes", capsys)


def test_64_invoices_with_the_real_renderer(
    door, profile, accountant, monkeypatch, capsys
):
    load_renderer()
    documents = approved_documents(door, 64, accountant)
    taken = fail_once_in_ten(monkeypatch, documents)
    office, seconds = issue_all(documents)
    check(64, office, taken, seconds, "real renderer", capsys)
    assert bytes(DocumentFile.objects.earliest("pk").content).startswith(b"%PDF-1.7")
