"""Kill -9, one process after the other: no page lost, no deadline forgotten."""

import json
import time
from functools import partial

import pytest

from tests.customer import order_until_taken
from tests.product import REACH_EVERYBODY, Product
from tests.telephone import eventually

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("desk"),
]

PROMISE_SECONDS = 20
SHORT_PROMISE = f"""
import json
from datetime import timedelta
from django.utils import timezone
from billing.models import RateCard
card = RateCard.objects.in_force(timezone.now())
card.pk, card.valid_from = None, timezone.now()
card.callback_within = timedelta(seconds={PROMISE_SECONDS})
card.save()
print(json.dumps("done"))
"""
LONG_PROMISE = SHORT_PROMISE.replace(f"seconds={PROMISE_SECONDS}", "minutes=30")
MISSES = """
import json
from emergency.models import TimelineEntry
rows = TimelineEntry.objects.filter(code="deadline_missed").select_related("incident")
print(json.dumps({
    row.incident.reference: (row.at - row.incident.callback_deadline_at).total_seconds()
    for row in rows
}))
"""
# The database and the web process must live for an order to be taken; the others may
# be dead already when the customer orders.
KILLED_BEFORE_THE_ORDER = ("worker", "beat", "valkey")
KILLED_AFTER_THE_ORDER = ("web", "postgres")


@pytest.fixture
def short_promise(product: Product):
    """The promise is data: here it lasts seconds."""
    product.ask(SHORT_PROMISE)
    yield
    product.ask(LONG_PROMISE)
    product.ask(REACH_EVERYBODY)


def page_went_out(product: Product, reference: str) -> float:
    """When the provider was first asked to send a page of this incident, or 0."""
    return next(
        (
            request["t"]
            for request in product.phones.requests()
            if request["method"] == "POST" and reference in request["body"]
        ),
        0.0,
    )


def recovered(product: Product, name: str, killed: int) -> bool:
    alive = product.processes().get(name)
    return alive is not None and alive != killed and product.is_ready()


def test_killing_any_process_loses_no_page_and_no_deadline(
    product: Product, short_promise: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Worker, beat, web, PostgreSQL and Valkey are killed in turn, each during an open
    incident. Every page goes out, every deadline fires, everything recovers."""
    delays: dict[str, float] = {}
    references: dict[str, str] = {}
    for name in KILLED_BEFORE_THE_ORDER:
        killed = product.kill(name)
        references[name], _ = order_until_taken(product.url)
        began = time.time()
        sent = eventually(
            partial(page_went_out, product, references[name]),
            why=f"the page goes out without {name}",
        )
        delays[name] = sent - began
        eventually(
            partial(recovered, product, name, killed),
            within=40,
            why=f"{name} recovers",
        )
    for name in KILLED_AFTER_THE_ORDER:
        references[name], _ = order_until_taken(product.url)
        began = time.time()
        killed = product.kill(name)
        sent = eventually(
            partial(page_went_out, product, references[name]),
            within=40,
            why=f"the page goes out although {name} was killed",
        )
        delays[name] = sent - began
        eventually(
            partial(recovered, product, name, killed),
            within=40,
            why=f"{name} recovers",
        )
    wanted = set(references.values())
    misses = eventually(
        lambda: found if wanted <= set(found := product.ask(MISSES)) else {},
        within=PROMISE_SECONDS + 30,
        why="every deadline fires",
    )
    with capsys.disabled():
        print("\nkilled      page after   deadline recorded late by")  # noqa: T201
        for name, reference in references.items():
            print(  # noqa: T201
                f"{name:10} {max(delays[name], 0):8.2f} s {misses[reference]:10.2f} s"
            )


def test_an_order_is_taken_and_paged_while_redis_is_gone(product: Product) -> None:
    """The watcher sends what no worker was told about."""
    pid = product.processes()["valkey"]
    product.freeze(pid)
    try:
        reference, _ = order_until_taken(product.url)
        began = time.time()
        sent = eventually(
            lambda: page_went_out(product, reference), why="the watcher sends the page"
        )
        status, body = product.get("/readyz")
        assert product.get("/healthz")[0] == 200
    finally:
        product.freeze(pid, thaw=True)
    assert sent - began < 6
    assert status == 503
    assert json.loads(body)["broker"] != "ok"
    eventually(product.is_ready, within=40, why="ready again")
