"""The whole product while PostgreSQL hangs or Redis is gone, and beside itself."""

import subprocess
import sys
import time

import pytest
import requests

from emergency.launcher import table
from tests.customer import order, order_until_taken
from tests.freezing import children, frozen
from tests.product import REACH_EVERYBODY, Product
from tests.telephone import ROOT, eventually

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("desk"),
]


def first_page(product: Product, reference: str) -> float:
    """When the provider was first asked for a page of this incident, or 0."""
    return next(
        (
            request["t"]
            for request in product.phones.requests()
            if request["method"] == "POST" and reference in request["body"]
        ),
        0.0,
    )


def test_a_postgresql_that_hangs_makes_nobody_wait_for_ever(product: Product) -> None:
    """Nothing restarts and nothing hangs; after the thaw all goes on by itself."""
    eventually(product.is_ready, within=40, why="the product is ready")
    before = product.processes()
    parent = before["postgres"]
    with frozen(parent, *children(parent)):
        began = time.monotonic()
        status, body = product.get("/readyz")
        assert status == 503, body
        assert '"database": "OperationalError"' in body
        assert time.monotonic() - began < 8
        assert product.get("/healthz")[0] == 200
        began = time.monotonic()
        with pytest.raises(requests.HTTPError):
            order(product.url)
        assert time.monotonic() - began < 30
    eventually(product.is_ready, within=40, why="the engine goes on")
    reference, _ = order_until_taken(product.url)
    began = time.time()
    sent = eventually(lambda: first_page(product, reference), why="the page goes out")
    assert sent - began < 3
    assert product.processes() == before


def test_an_order_is_paged_within_three_seconds_while_redis_is_gone(
    product: Product,
) -> None:
    """The launcher is frozen, so that nobody starts Redis again."""
    eventually(product.is_ready, within=40, why="the product is ready")
    with frozen(product.launcher.pid):
        product.kill("valkey")
        reference, _ = order_until_taken(product.url)
        began = time.time()
        sent = eventually(
            lambda: first_page(product, reference), why="the watcher sends the page"
        )
        # The probe itself waits for Redis, and longer where the machine is busy.
        eventually(lambda: product.get("/readyz")[0] == 503, why="it says so")
    assert sent - began < 3
    eventually(product.is_ready, within=40, why="ready again")


SHORT_STEPS = """
import json
from datetime import timedelta
from emergency.models import EscalationPolicy, EscalationStep
EscalationStep.objects.update(delay=timedelta(seconds={seconds}))
EscalationPolicy.objects.update(rounds=1)
print(json.dumps("done"))
"""
DECIDED = """
import json
from emergency.models import Page, TimelineEntry
entries = TimelineEntry.objects.filter(incident__reference="{reference}")
pages = Page.objects.filter(incident__reference="{reference}").exclude(
    status="withdrawn").filter(digest=None)
print(json.dumps({{
    "steps": sorted(
        (e.values["round"], e.values["step"])
        for e in entries.filter(code="step_fired")),
    "pages": pages.count(),
    "waiting": pages.filter(status__in=["queued", "claimed"]).count(),
    "attempts": sum(page.attempts.count() for page in pages),
    "people": len(set(
        pages.values_list("technician", "kind", "address", "round", "step"))),
}}))
"""


def test_two_beats_and_two_watchers_double_neither_a_decision_nor_a_page(
    product: Product,
) -> None:
    """A second node with its own beat and watcher works beside the first."""
    eventually(product.is_ready, within=40, why="the product is ready")
    # Or the pages of earlier orders would be read out in one call with ours.
    product.ask(REACH_EVERYBODY)
    product.ask(SHORT_STEPS.format(seconds=2))
    commands = [
        list(table.PROCESSES["beat"]),
        [*table.PROCESSES["watcher"], "--interval", "0.05"],
    ]
    second = [
        subprocess.Popen(
            [sys.executable, *command], env=product.environment(), cwd=ROOT
        )
        for command in commands
    ]
    try:
        reference, _ = order_until_taken(product.url)
        found = eventually(
            lambda: _all_steps(product.ask(DECIDED.format(reference=reference))),
            within=90,
            why="every step has fired and every page is with the provider",
        )
    finally:
        for process in second:
            process.terminate()
        for process in second:
            process.wait(60)
        product.ask(SHORT_STEPS.format(seconds=240))
    product.ask(REACH_EVERYBODY)
    steps = [tuple(step) for step in found["steps"]]
    assert steps == sorted(set(steps))
    assert found["attempts"] == found["pages"] == found["people"]
    posted = [
        request
        for request in product.phones.requests()
        if request["method"] == "POST" and reference in request["body"]
    ]
    # Calls spell the reference out, so only texts carry it.
    assert len(posted) == len({request["body"] for request in posted})


def _all_steps(found):
    return found if len(found["steps"]) >= 3 and not found["waiting"] else None
