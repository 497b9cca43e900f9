"""The check of the translations sees each kind of mistake."""

import shutil
from pathlib import Path

import polib
import pytest

from tests.contracts.translations import complaints, extract, read_catalogue, update

pytestmark = pytest.mark.no_servers

needs_gettext = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="GNU gettext reads the strings"
)


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.extend(entries)
    return made


def entry(text: str, translation: str, **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=text, msgstr=translation, **more)


def test_a_complete_catalogue_has_nothing_wrong() -> None:
    shown = catalogue(entry("Ring %(name)s", ""))
    assert not [*complaints(catalogue(entry("Ring %(name)s", "%(name)s: ja")), shown)]


@pytest.mark.parametrize(
    ("kept", "complaint"),
    [
        (entry("Ring %(name)s", ""), "has no translation"),
        (entry("Ring %(name)s", "%(name)s", flags=["fuzzy"]), "is fuzzy"),
        (entry("Ring %(name)s", "%(nam)s"), "different placeholders"),
        (entry("Ring %(name)s", "%(name)s", obsolete=True), "is kept as obsolete"),
        (entry("Ring", "Anruf"), "is used nowhere"),
        (entry("Ring %(name)s", "%(name)s", msgctxt="x"), "is not in the catalogue"),
    ],
)
def test_a_mistake_is_named(kept: polib.POEntry, complaint: str) -> None:
    shown = catalogue(entry("Ring %(name)s", ""))
    assert complaint in " ".join(complaints(catalogue(kept), shown))


def test_a_plural_needs_every_form() -> None:
    kept = polib.POEntry(
        msgid="%(n)s page",
        msgid_plural="%(n)s pages",
        msgstr_plural={0: "%(n)s Seite", 1: ""},
    )
    assert any(
        "has no translation" in line for line in complaints(catalogue(kept), None)
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "emergency/views.py": "from x import gettext as _\n_('Taken')\n",
        "billing/views.py": "from x import gettext as _\n_('Issued')\n",
        "templates/base.html": "{% load i18n %}{% translate 'Shared' %}",
        "templates/emails/page.txt": "{% load i18n %}{% translate 'Mailed' %}",
        "templates/billing/list.html": (
            "{% load i18n %}{% blocktranslate %}Sum {{ sum }}{% endblocktranslate %}"
        ),
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


def texts(found: polib.POFile) -> set[str]:
    return {one.msgid for one in found}


@needs_gettext
def test_each_app_owns_its_code_and_its_templates(project: Path) -> None:
    assert texts(extract(project, "emergency")) == {"Taken", "Shared", "Mailed"}
    assert texts(extract(project, "billing")) == {"Issued", "Sum %(sum)s"}


@needs_gettext
def test_an_update_keeps_what_is_translated_and_drops_the_rest(project: Path) -> None:
    update(project, "billing", extract(project, "billing"))
    first = read_catalogue(project, "billing")
    assert texts(first) == {"Issued", "Sum %(sum)s"}
    for one in first:
        one.msgstr = {"Issued": "Gestellt", "Sum %(sum)s": "Summe %(sum)s"}[one.msgid]
    first.append(entry("Gone", "Weg"))
    first.save()
    update(project, "billing", extract(project, "billing"))
    second = read_catalogue(project, "billing")
    assert {one.msgid: one.msgstr for one in second} == {
        "Issued": "Gestellt",
        "Sum %(sum)s": "Summe %(sum)s",
    }
    assert not [*complaints(second, extract(project, "billing"))]
