"""Every visible string has its German translation, and nothing else has one.

``python -m tests.contracts.translations`` prints what is wrong and exits 1;
``--update`` writes new strings into the catalogues (still to be translated) and takes
out those that no code uses. GNU gettext reads the strings out of code and templates;
without it only the catalogues themselves are checked, and a line says so.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parents[2]
APPS = ("emergency", "billing", "status")
LANGUAGE = "de"
# Strings of the pages all apps share, and of e-mails, belong to this app.
SHARED_OWNER = "emergency"
CATALOGUE = Path("locale", LANGUAGE, "LC_MESSAGES", "django.po")
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*\w|(?<!\{)\{(\w+)\}")


@dataclass(frozen=True)
class Key:
    """What makes a string the same string: context, singular and plural."""

    context: str | None
    singular: str
    plural: str

    @classmethod
    def of(cls, entry: polib.POEntry) -> "Key":
        return cls(entry.msgctxt, entry.msgid, entry.msgid_plural)

    def __str__(self) -> str:
        return repr(self.singular)


def copy_sources(root: Path, app: str, target: Path) -> None:
    """``target`` holds the code and templates whose strings ``app`` translates."""
    for pattern in ("*.py", "*.html", "*.txt"):
        for source in (root / app).rglob(pattern):
            _copy(source, target / source.relative_to(root / app))
    templates = root / "templates"
    for source in templates.rglob("*"):
        parts = source.relative_to(templates).parts
        # An app's e-mails stand in a folder of its own below emails/.
        named = parts[0] == "emails" and len(parts) > 2 and parts[1] in APPS
        owner = parts[1] if named else parts[0]
        mine = owner == app or (app == SHARED_OWNER and owner not in APPS)
        if source.is_file() and mine:
            _copy(source, target / "templates" / source.relative_to(templates))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def extract(root: Path, app: str) -> polib.POFile:
    """The strings that code and templates of ``app`` show now. Needs GNU gettext."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, app)
        copy_sources(root, app, folder)
        (folder / "locale").mkdir(parents=True)
        subprocess.run(
            [
                *(sys.executable, "-W", "ignore", "-m", "django", "makemessages"),
                *("-l", LANGUAGE, "-e", "py,html,txt", "--no-wrap", "-v", "0"),
            ],
            cwd=folder,
            env={k: v for k, v in os.environ.items() if "DJANGO" not in k},
            check=True,
        )
        found = folder / CATALOGUE
        return polib.pofile(str(found)) if found.exists() else polib.POFile()


def read_catalogue(root: Path, app: str) -> polib.POFile:
    """The app's translations; an empty catalogue where there is no file."""
    path = root / app / CATALOGUE
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def complaints(catalogue: polib.POFile, shown: polib.POFile | None) -> Iterator[str]:
    """One sentence for each thing wrong; ``shown`` None when nobody could extract."""
    kept = {Key.of(entry) for entry in catalogue if not entry.obsolete}
    for entry in catalogue:
        key = Key.of(entry)
        if entry.obsolete:
            yield f"{key} is kept as obsolete"
        elif entry.fuzzy:
            yield f"{key} is fuzzy"
        elif not entry.translated():
            yield f"{key} has no translation"
        elif _names(entry.msgid, entry.msgid_plural) != _names(*_translations(entry)):
            yield f"{key} and its translation have different placeholders"
    if shown is None:
        return
    wanted = {Key.of(entry) for entry in shown if not entry.obsolete}
    for key in sorted(wanted - kept, key=str):
        yield f"{key} is not in the catalogue"
    for key in sorted(kept - wanted, key=str):
        yield f"{key} is used nowhere"


def _translations(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr, *entry.msgstr_plural.values()]


def _names(*texts: str) -> set[str]:
    return {
        name
        for text in texts
        for match in PLACEHOLDER.finditer(text or "")
        for name in match.groups()
        if name
    }


def update(root: Path, app: str, shown: polib.POFile) -> None:
    """The catalogue has exactly the strings shown; known translations are kept."""
    path = root / app / CATALOGUE
    catalogue = read_catalogue(root, app)
    known = {Key.of(entry): entry for entry in catalogue if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=88)
    fresh.metadata = catalogue.metadata or {
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for entry in shown:
        if not entry.obsolete:
            entry.occurrences = []
            fresh.append(known.get(Key.of(entry), entry))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))


def main(words: list[str]) -> int:
    """The exit code: 0 when every string is translated, else 1."""
    parser = argparse.ArgumentParser(description="Check the translations.")
    parser.add_argument("--update", action="store_true", help="write new strings")
    parser.add_argument("apps", nargs="*", default=list(APPS), help="only these")
    options = parser.parse_args(words)
    shown: dict[str, polib.POFile] = {}
    if shutil.which("xgettext"):
        with ThreadPoolExecutor() as pool:
            found = pool.map(lambda app: extract(PROJECT, app), options.apps)
            shown = dict(zip(options.apps, found, strict=True))
    else:
        sys.stderr.write("No xgettext here: new and unused strings are not seen.\n")
    wrong = 0
    for app in options.apps:
        if options.update and app in shown:
            update(PROJECT, app, shown[app])
        for sentence in complaints(read_catalogue(PROJECT, app), shown.get(app)):
            sys.stderr.write(f"{app}: {sentence}\n")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
