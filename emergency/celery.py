"""The Celery application. Tasks only wake work that already stands in rows."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init

from emergency.credentials import demand_credentials

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emergency.settings")

app = Celery("emergency")
# Threads of the web server have no current application of their own.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def _worker_starts(**kwargs: Any) -> None:
    demand_credentials("the worker")


@beat_init.connect
def _beat_starts(**kwargs: Any) -> None:
    demand_credentials("beat")
