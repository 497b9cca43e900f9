"""An export of many documents needs no more memory than one of few."""

import tracemalloc
from datetime import date

import pytest

from billing.actions import exporting
from billing.exports import piece, reading
from billing.exports.handing_out import stream
from billing.models import ExportRun
from tests.integration.billing.bookkeeping import NOW, a_run, settled_settings
from tests.many_documents import many_documents

MANY = 700
# What is held at once, a quarter of what it is in earnest, so that a quarter of the
# documents shows whether anything grows with them.
CHUNK, SIZE, MOST_PIECES, MOST_BYTES = 125, 64 * 1024, 50, 128 * 1024
# A chunk of documents and a batch of pieces are held at once; nothing else.
ALLOWED = 5 * 1024 * 1024 // 4


def peak(action):
    """The most memory that Python's objects took meanwhile, and what was done."""
    tracemalloc.start()
    try:
        done = action()
        return tracemalloc.get_traced_memory()[1], done
    finally:
        tracemalloc.stop()


@pytest.fixture
def many(db, monkeypatch):
    for place, name, value in (
        (reading, "CHUNK", CHUNK),
        (piece, "SIZE", SIZE),
        (exporting, "MOST_PIECES", MOST_PIECES),
        (exporting, "MOST_BYTES", MOST_BYTES),
    ):
        assert getattr(place, name) == 4 * value
        monkeypatch.setattr(place, name, value)
    settled_settings()
    many_documents(MANY, pdf_bytes=10_000)


@pytest.mark.parametrize("name", ExportRun.Format.values)
def test_memory_does_not_grow_with_the_documents(many, name):
    # The first run of a process loads what all later ones share.
    few = date(2026, 1, 11)
    a_run(name, issued_to=few)
    of_few, less = peak(lambda: a_run(name, issued_to=few))
    of_all, run = peak(lambda: a_run(name))
    assert run.documents == MANY > 2 * less.documents > 4 * CHUNK
    assert of_all - of_few < ALLOWED, (of_few, of_all)
    taken, size = peak(lambda: sum(map(len, stream(run))))
    assert size == run.size
    assert taken < 2 * ALLOWED
    assert run.made_at == NOW
