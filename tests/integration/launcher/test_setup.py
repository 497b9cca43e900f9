"""Set-up does what is missing, nothing twice, and says what it may not do."""

import importlib.util
import json
import os
import sys
from pathlib import Path

import polib
import pytest

from emergency.launcher import installation, packages
from emergency.launcher.installation import (
    compile_texts,
    create_venv,
    install_packages,
    set_up,
)
from emergency.launcher.messages import LauncherError
from emergency.launcher.packages import Need
from emergency.launcher.places import Places

pytestmark = pytest.mark.no_servers

PRESENT = Need("libpresent", lambda: True)
ABSENT = Need("libabsent", lambda: False)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def places(folder: Path) -> Places:
    """A project with two lock files and a Python that notes how it is called."""
    (folder / "requirements.lock").write_text("one==1.0 \\\n    --hash=sha256:0\n")
    (folder / "requirements-dev.lock").write_text("one==1.0 \\\ntwo==2.0 \\\n")
    made = Places.of({}, folder)
    script(made.python, f'echo "$@" >> "{folder}/calls"\nexit 0')
    (made.venv / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    return made


def calls(places: Places) -> list[str]:
    noted = places.root / "calls"
    return noted.read_text().splitlines() if noted.exists() else []


def pip_calls(places: Places) -> list[str]:
    return [call for call in calls(places) if call.startswith("-m pip install")]


def test_packages_are_installed_once_and_only_with_their_hashes(places: Places) -> None:
    install_packages(places, dev=False)
    assert len(pip_calls(places)) == 1
    assert "--require-hashes" in pip_calls(places)[0]
    assert pip_calls(places)[0].endswith("night shift/requirements.lock")
    assert any("compileall" in call for call in calls(places))
    before = calls(places)
    install_packages(places, dev=False)
    assert calls(places) == before


def test_a_changed_lock_is_installed(places: Places) -> None:
    install_packages(places, dev=False)
    (places.root / "requirements.lock").write_text("one==1.1 \\\n")
    install_packages(places, dev=False)
    assert len(pip_calls(places)) == 2


def test_the_test_packages_cover_the_product_s(places: Places) -> None:
    install_packages(places, dev=True)
    install_packages(places, dev=False)
    assert len(pip_calls(places)) == 1


def test_test_packages_of_another_version_cover_nothing(places: Places) -> None:
    (places.root / "requirements-dev.lock").write_text("one==0.9 \\\n")
    install_packages(places, dev=True)
    install_packages(places, dev=False)
    assert len(pip_calls(places)) == 2


def test_a_failed_installation_is_told_and_tried_again(places: Places) -> None:
    working = places.python.read_text()
    script(places.python, 'test "$2" != pip || { echo "no such hash"; exit 1; }')
    with pytest.raises(LauncherError, match="no such hash"):
        install_packages(places, dev=False)
    places.python.write_text(working)
    install_packages(places, dev=False)
    assert len(pip_calls(places)) == 1


def test_a_python_without_environments_names_the_package(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(packages, "may_install", lambda: False)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    with pytest.raises(LauncherError, match=rf"apt-get.* python{version}-venv"):
        create_venv(places)


def test_an_old_python_is_refused(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "OLDEST", (99, 0))
    with pytest.raises(LauncherError, match="PYTHON=") as refusal:
        set_up(places)
    assert refusal.value.exit_code == 2


@pytest.fixture
def catalogue(places: Places) -> Path:
    script(
        places.python, f'echo x >> "{places.root}/calls"\nexec {sys.executable} "$@"'
    )
    path = places.root / "emergency" / "locale" / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    write_text(path, "angerufen")
    return path


def write_text(path: Path, translation: str) -> None:
    made = polib.POFile()
    made.append(polib.POEntry(msgid="paged", msgstr=translation))
    made.save(str(path))


def test_translations_are_compiled_when_they_changed_and_only_then(
    places: Places, catalogue: Path
) -> None:
    compile_texts(places)
    compiled = catalogue.with_suffix(".mo")
    assert [entry.msgstr for entry in polib.mofile(str(compiled))] == ["angerufen"]
    compile_texts(places)
    assert len(calls(places)) == 1
    write_text(catalogue, "alarmiert")
    compile_texts(places)
    assert [entry.msgstr for entry in polib.mofile(str(compiled))] == ["alarmiert"]
    assert sorted(p.name for p in catalogue.parent.iterdir()) == [
        "django.mo",
        "django.po",
    ]


@pytest.fixture
def apt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An apt-get that notes its calls and fails until the lists were updated."""
    noted = folder / "apt"
    noted.touch()
    program = script(
        folder / "bin" / "apt-get",
        f'echo "$DEBIAN_FRONTEND $@" >> "{noted}"\n'
        f'grep -q update "{noted}" || {{ echo "no such package" >&2; exit 100; }}',
    )
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return noted


def test_nothing_is_called_when_every_system_package_is_there(
    apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for group in ("INVOICES", "BROWSER", "EXTRACTION"):
        monkeypatch.setattr(packages, group, (PRESENT,))
    packages.provide_for_run()
    packages.provide_for_tests()
    assert apt.read_text() == ""


def test_root_gets_missing_packages_with_one_update_where_it_is_needed(
    apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "INVOICES", (PRESENT, ABSENT))
    packages.provide_for_run()
    install = "noninteractive install -qq -y --no-install-recommends libabsent"
    assert apt.read_text().splitlines() == [
        install,
        "noninteractive update -qq",
        install,
    ]


def test_without_the_right_to_install_the_product_runs_and_says_what_waits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packages, "may_install", lambda: False)
    monkeypatch.setattr(packages, "INVOICES", (PRESENT, ABSENT))
    packages.provide_for_run()
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "invoices wait" in said
    assert "apt-get install --no-install-recommends libabsent" in said


def test_without_the_right_to_install_the_tests_name_what_is_missing_and_stop(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "may_install", lambda: False)
    monkeypatch.setattr(packages, "INVOICES", (PRESENT, ABSENT))
    monkeypatch.setattr(packages, "BROWSER", (Need("browser", lambda: False),))
    with pytest.raises(LauncherError, match="libabsent, browser") as refusal:
        set_up(places, dev=True)
    assert refusal.value.exit_code == 1
    assert calls(places) == []


def test_a_damaged_stamp_is_no_obstacle(places: Places) -> None:
    for content in ("", "[]", json.dumps({"requirements.lock": "another"})):
        (places.venv / "installed.json").write_text(content)
        install_packages(places, dev=False)
    assert len(pip_calls(places)) == 3
