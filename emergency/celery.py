"""The Celery application. Tasks only wake work that already stands in rows."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, task_postrun, task_prerun
from django.db import close_old_connections

from emergency.credentials import demand_credentials

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emergency.settings")

SWITCH_INTERVAL = 0.0005

app = Celery("emergency")
# Threads of the web server have no current application of their own.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def _worker_starts(**kwargs: Any) -> None:
    demand_credentials("the worker")
    # Senders wait for answers in turn with each other; by default each of them may wait
    # five milliseconds for the interpreter after every answer.
    sys.setswitchinterval(SWITCH_INTERVAL)


@beat_init.connect
def _beat_starts(**kwargs: Any) -> None:
    demand_credentials("beat")


# Instead of Celery's own way, a new connection for every task, which takes longer than
# what most tasks do: what is broken or old is closed, everything else goes on.
@task_prerun.connect
@task_postrun.connect
def _keep_good_connections(**kwargs: Any) -> None:
    close_old_connections()
