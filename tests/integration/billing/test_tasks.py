"""Tasks only wake rows; every name that is woken or scheduled exists and is routed."""

import subprocess
import sys

import pytest
from celery import Celery, current_app
from django.conf import settings

from billing import tasks, wake
from billing.actions.review import request_issue
from billing.models import Document
from tests.integration.billing.stories import MORNING, approved, issued


def test_every_name_that_billing_wakes_is_a_task():
    values = (value for name, value in vars(wake).items() if name.isupper())
    names = {value for value in values if str(value).startswith("billing.")}
    assert wake.COLLECT in names
    assert names <= set(current_app.tasks)
    scheduled = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {name for name in scheduled if name.startswith("billing.")} <= names


def test_documents_are_made_by_the_document_worker():
    routes = settings.CELERY_TASK_ROUTES
    assert routes[wake.RENDER_DOCUMENT]["queue"] == "documents"
    assert routes[wake.TRANSMIT_DUE]["queue"] == "documents"
    assert routes[wake.MAKE_EXPORT]["queue"] == "documents"


def test_the_task_issues_and_a_second_delivery_changes_nothing(
    door, profile, accountant
):
    document = approved(door, accountant.pk)
    tasks.render_document(document.pk)
    number = Document.objects.get().number
    tasks.render_document(document.pk)
    assert number is not None
    assert Document.objects.get().number == number


def test_a_lost_nudge_is_made_good_by_the_sweep(door, profile, accountant):
    document = approved(door, accountant.pk)
    request_issue(document_id=document.pk, staff_id=accountant.pk, now=MORNING)
    tasks.transmit_due()
    document.refresh_from_db()
    assert document.status == "transmitted"


def test_collecting_is_a_task(door, profile):
    tasks.collect()
    assert not Document.objects.exists()


def test_a_dead_broker_costs_an_action_nothing(
    door, profile, accountant, monkeypatch, django_capture_on_commit_callbacks
):
    dead = Celery("dead", broker="redis://127.0.0.1:9/0", set_as_current=False)
    dead.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr(wake, "current_app", dead)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        issued(door, accountant.pk)
    assert callbacks
    assert Document.objects.get().is_issued


@pytest.mark.no_servers
def test_starting_billing_does_not_load_weasyprint():
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = "
        "'emergency.settings'; django.setup(); import billing.tasks, billing.urls; "
        "sys.exit('weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
