"""Answers for machines: is the process alive, is the product ready, what does it count.

None of them needs the session, and none of them hangs while PostgreSQL or Redis is
away.
"""

import hmac
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from emergency.database.patience import patience
from emergency.queries.health import route_states, seconds_since_tick
from emergency.queries.metrics import samples
from emergency.wake import broker_trouble

TICK_IS_LATE = timedelta(seconds=10)
# Whoever asks for our health shall hear of a database that hangs, not wait for it.
PATIENCE = 2.0


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, broker and tick are well, else 503 with what is not.

    What is known of the routes to the telephones is told beside it and fails nothing:
    another process would find them no better.
    """
    answer: dict[str, Any] = {
        "database": "ok",
        "broker": "ok",
        "tick_age_seconds": None,
        "routes": {},
    }
    ready = True
    try:
        with patience(PATIENCE):
            age = seconds_since_tick(now=timezone.now())
            answer["routes"] = route_states(now=timezone.now())
    except Error as error:
        answer["database"] = type(error).__name__
        ready = False
    else:
        answer["tick_age_seconds"] = None if age is None else round(age, 1)
        ready = age is not None and age <= TICK_IS_LATE.total_seconds()
    broker = broker_trouble()
    if broker:
        answer["broker"] = broker
        ready = False
    answer["status"] = "ready" if ready else "not ready"
    return JsonResponse(
        answer, status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts in Prometheus' text format; 503 while the database is away.

    On a loopback address for everybody, elsewhere for bearers of METRICS_TOKEN: how
    many emergencies a hoster has is nobody else's business.
    """
    if not _may_read_metrics(request):
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    registry = CollectorRegistry()
    try:
        with patience(PATIENCE):
            found = samples(now=timezone.now())
    except Error:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    gauges: dict[str, Gauge] = {}
    for sample in found:
        if sample.name not in gauges:
            gauges[sample.name] = Gauge(
                f"emergency_{sample.name}",
                sample.meaning,
                labelnames=sorted(sample.labels),
                registry=registry,
            )
        gauge = gauges[sample.name]
        (gauge.labels(**sample.labels) if sample.labels else gauge).set(sample.value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    if urlsplit(settings.PUBLIC_BASE_URL).hostname in {"127.0.0.1", "localhost", "::1"}:
        return True
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    return bool(token) and hmac.compare_digest(shown.encode(), token.encode())
