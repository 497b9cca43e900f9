"""Names that only meet at run time fit together: tasks, queues, models, templates."""

import re
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.template.loader import get_template
from django.utils.module_loading import import_string
from django.utils.translation import override

from billing import wake as billing_wake
from emergency import wake as emergency_wake
from emergency.beat_schedule import STAGE_SCHEDULE
from emergency.celery import app
from emergency.launcher.table import PROCESSES
from tests.contracts.sources import APPS, TEMPLATES

pytestmark = pytest.mark.no_servers

TASK_NAME = re.compile(r"(?:emergency|billing|status)\.\w+")
WOKEN = {
    name
    for module in (emergency_wake, billing_wake)
    for name in vars(module).values()
    if isinstance(name, str) and TASK_NAME.fullmatch(name) and name != module.__name__
}
SCHEDULED = {
    entry["task"]
    for schedule in (settings.CELERY_BEAT_SCHEDULE, STAGE_SCHEDULE)
    for entry in schedule.values()
}


@pytest.fixture(scope="module")
def registered() -> set[str]:
    """The names a worker of ours knows."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}


def test_whoever_is_woken_scheduled_or_routed_is_a_task(registered: set[str]) -> None:
    assert "emergency.send_page" in WOKEN
    assert "emergency.tick" in SCHEDULED
    assert WOKEN | SCHEDULED | set(settings.CELERY_TASK_ROUTES) <= registered


def test_every_task_is_woken_or_scheduled_by_somebody(registered: set[str]) -> None:
    assert registered <= WOKEN | SCHEDULED


def test_a_periodic_task_expires_instead_of_piling_up() -> None:
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        options = cast(dict[str, float], entry["options"])
        assert options["expires"] > 0, name


def consumed_queues() -> set[str]:
    return {
        queue
        for arguments in PROCESSES.values()
        for option, value in pairwise(arguments)
        if option == "-Q"
        for queue in value.split(",")
    }


def test_every_queue_is_consumed_and_no_process_waits_for_another() -> None:
    used = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    used.add(settings.CELERY_TASK_DEFAULT_QUEUE)
    assert consumed_queues() == used


def test_the_dotted_names_of_the_settings_lead_to_something() -> None:
    for name in (
        settings.FEE_TERMS,
        settings.PRICE_EXPLANATION,
        settings.ORDER_RECORD,
        settings.MAIL_RETURNED,
        settings.DEMO_BRAND,
        settings.CSRF_FAILURE_VIEW,
        settings.WSGI_APPLICATION,
        settings.ASGI_APPLICATION,
    ):
        assert callable(import_string(name)), name


def test_no_model_has_changed_without_a_migration() -> None:
    loader = MigrationLoader(None)
    # Names in migrations are msgids, as makemigrations writes them.
    with override(None):
        changes = MigrationAutodetector(
            loader.project_state(),
            ProjectState.from_apps(apps),
            NonInteractiveMigrationQuestioner(specified_apps=set(APPS)),
        ).changes(graph=loader.graph)
    assert not {label for label in changes if label in APPS}
    assert loader.detect_conflicts() == {}


ALL_TEMPLATES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*")
    if path.suffix in {".html", ".txt"}
)
# The PDF is no page: its one style stands in the file that WeasyPrint reads.
# A mail has no other place for its looks than its own elements.
PAGES = [
    name
    for name in ALL_TEMPLATES
    if "/pdf/" not in name and not name.startswith("emails/")
]
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|javascript:",
    re.IGNORECASE,
)
FOREIGN = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""")


@pytest.mark.parametrize("name", ALL_TEMPLATES)
def test_a_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_inline_script_or_style_and_loads_nothing_foreign(
    name: str,
) -> None:
    source = Path(TEMPLATES, name).read_text(encoding="utf-8")
    assert not INLINE.search(source)
    assert not FOREIGN.search(source)


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color: red">',
        "<style>",
        "<script>",
        "<a onclick='x()'>",
        '<a href="javascript:x()">',
    ],
)
def test_the_search_for_inline_code_finds(line: str) -> None:
    assert INLINE.search(line)


def test_the_policy_forbids_inline_code() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    for values in directives.values():
        assert not [value for value in values if "unsafe" in value or "*" in value]
