"""Many orders at one instant, and a provider that takes its time.

The floor is arithmetic: so many answers of the provider, waited for by so many senders.
All orders are committed together, so that writing them does not stretch the burst.
"""

import re
import time
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from emergency.models import Incident, Page, PageAttempt
from tests.bench.latency import Requests, place_order, rest
from tests.bench.table import Row, quantile
from tests.telephone import TelephoneNetwork, eventually

DELAY = 0.15
# The worker's threads and the watcher's, which helps as soon as a page is late.
SENDERS = 8 + 4
PATIENCE = 300.0
TOKEN = re.compile(r"/webhooks/twilio/\w+/([\w-]{20,})/")


def measure(network: TelephoneNetwork, log: Path, count: int) -> list[Row]:
    """How long until the provider had a first page of every incident; how many were
    lost or sent twice."""
    network.trouble("slow", seconds=DELAY)
    requests = Requests(log)
    requests.skip()
    committed: list[float] = []
    with transaction.atomic():
        transaction.on_commit(lambda: committed.append(time.time()))
        incidents = [place_order(f"burst {number}").pk for number in range(count)]
    eventually(lambda: not _unheard_of(incidents), within=PATIENCE, why="all are paged")
    texts = Page.objects.filter(
        incident__in=incidents,
        status__in=[Page.Status.QUEUED, Page.Status.CLAIMED],
        due_at__lte=timezone.now(),
    )
    eventually(lambda: not texts.exists(), within=PATIENCE, why="all pages are out")
    network.calm()
    first, doubled = _heard(requests, incidents)
    rest(incidents)
    assert first, "the provider heard of no incident"
    waited = [at - committed[0] for at in first.values()]
    floor = count * DELAY / SENDERS
    return [
        Row("last first page", max(waited), floor, "s", ratio_at_most=1.25),
        Row("first page, p50", quantile(waited, 0.5), floor / 2, "s"),
        Row("very first page", min(waited), 0, "s"),
        Row("incidents lost", count - len(first), 0, "", at_most=0),
        Row("pages sent twice", doubled, 0, "", at_most=0),
    ]


def _unheard_of(incidents: list[int]) -> bool:
    """Whether an incident has no page that was tried, alone or in a digest call."""
    tried = Page.objects.filter(incident=OuterRef("pk"), sends__gt=0)
    return Incident.objects.filter(~Exists(tried), pk__in=incidents).exists()


def _heard(requests: Requests, incidents: list[int]) -> tuple[dict[int, float], int]:
    """When the provider first heard of each incident, and how many pages it got more
    than once."""
    ours = set(incidents)
    pages = {
        token: (page, incident)
        for token, page, incident in PageAttempt.objects.filter(
            page__incident__in=incidents
        ).values_list("token", "page", "page__incident")
    }
    members: dict[int, list[int]] = {}
    for lead, incident in Page.objects.filter(
        incident__in=incidents, digest__isnull=False
    ).values_list("digest", "incident"):
        if lead is not None and incident is not None:
            members.setdefault(lead, []).append(incident)
    first: dict[int, float] = {}
    times: Counter[int] = Counter()
    for request in requests.new():
        found = TOKEN.search(unquote(request["body"]))
        if request["method"] != "POST" or not found or found[1] not in pages:
            continue
        page, incident = pages[found[1]]
        times[page] += 1
        for named in (incident, *members.get(page, ())):
            if named is not None and named in ours:
                first.setdefault(named, float(request["t"]))
    return first, sum(1 for n in times.values() if n > 1)
