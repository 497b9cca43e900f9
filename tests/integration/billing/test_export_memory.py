"""An export of many documents needs no more memory than one of few."""

import tracemalloc
from datetime import date

import pytest

from billing.exports.handing_out import stream
from billing.models import ExportRun
from tests.integration.billing.bookkeeping import NOW, a_run, settled_settings
from tests.many_documents import many_documents

MANY = 2400
# A chunk of documents and a batch of pieces are held at once; nothing else.
ALLOWED = 5 * 1024 * 1024


def peak(action):
    """The most memory that Python's objects took meanwhile, and what was done."""
    tracemalloc.start()
    try:
        done = action()
        return tracemalloc.get_traced_memory()[1], done
    finally:
        tracemalloc.stop()


@pytest.fixture
def thousands(db):
    settled_settings()
    many_documents(MANY, pdf_bytes=10_000)


@pytest.mark.parametrize("name", ExportRun.Format.values)
def test_memory_does_not_grow_with_the_documents(thousands, name):
    # The first run of a process loads what all later ones share.
    few = date(2026, 1, 6)
    a_run(name, issued_to=few)
    of_few, less = peak(lambda: a_run(name, issued_to=few))
    of_all, run = peak(lambda: a_run(name))
    assert run.documents == MANY > 4 * less.documents > 2000
    assert of_all - of_few < ALLOWED, (of_few, of_all)
    reading, size = peak(lambda: sum(map(len, stream(run))))
    assert size == run.size
    assert reading < 2 * ALLOWED
    assert run.made_at == NOW
