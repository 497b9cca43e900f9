"""The German that is kept: complete, calm, in our words, and sayable in an SMS."""

import ast
import re
import shutil
from pathlib import Path

import polib
import pytest

from tests.contracts.sources import APPS, PROJECT, called, calls
from tests.contracts.translations import complaints, extract, read_catalogue

pytestmark = pytest.mark.no_servers

# What people read and hear in a hurry; letters outside GSM 7-bit halve an SMS.
PAGED = (
    *("emergency/pagers/wording.py", "emergency/webhooks.py"),
    *(
        path.relative_to(PROJECT).as_posix()
        for path in sorted(Path(PROJECT, "emergency/pagers/sentences").glob("*.py"))
    ),
)
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
TWO_SEGMENTS = 306
LIKELY = {
    "reference": "NF-7K2M-9Q4X",
    "server": "web-frontend-01.kundenname.example",
    "deadline": "02:41",
    "owner": "Maximiliane Mustermann-Beispiel",
    "code": "4711",
    "url": "https://notfall.hoster.example/desk/incidents/NF-7K2M-9Q4X/",
    "digit": "4",
    "kind": "Push-Nachricht",
    "person": "Maximiliane Mustermann-Beispiel",
    "reason": "Nummer oder Adresse ist nicht gültig",
    "count": 12,
    "error": "20003",
    "days": "14",
    "serious": "12",
    "warnings": "12",
    "times": "02:20, 02:24, 02:31, 02:33, 02:36",
    "number": "+43 1 5551234567",
    "route": "SMS über den Telefonanbieter",
    "schedule": "Notfall-Support Wien",
    "case": "1204",
    "step": "Meldung der Datenschutzverletzung",
    "from": "Mi., 28. Okt., 08:00",
    "until": "Mi., 28. Okt., 20:00",
    "name": "Maximiliane",
    "hotline": "+43 1 5551234567",
    "date": "28. Oktober 2026",
    "time": "08:00",
    "network": "Noch nicht bekannt",
    "application": "Nein, die Anwendung ist oder kann die Ursache sein",
    "next_step": "Wir suchen die Ursache.",
    "findings": "Netz: Funktioniert",
    "answer": "Antworten Sie 4711, um zu übernehmen.",
    "ordered": "28. Oktober 2026, 02:11:00 (UTC+0100)",
    "price": "1.240,00 EUR",
    "withdrawal": "Als Verbraucher:in können Sie binnen 14 Tagen zurücktreten:"
    " notfall@support.hoster.example.",
    "statement": "Hiermit widerrufe ich meine Bestellung NF-7K2M-9Q4X.",
}
# Stands in a text as {link} until it leaves.
LIKELY_LINK = "https://notfall.hoster.example/t/Zm9vYmFyYmF6cXV4Zm9v/"

FAMILIAR = re.compile(
    r"\b(?:du|dich|dir|dein\w*|euch|euer\w*)\b|\bihr (?:könnt|habt|seid)\b",
    re.IGNORECASE,
)
NOT_OUR_WORDS = re.compile(
    r"\b(?:Ticket|Alarm|Alert|Benutzer\w*|User|Account|Event|Job|Gutschrift)s?\b"
)
GLOSSARY = {
    "emergency": {
        "account": "Kundenkonto",
        "server": "Server",
        "technician": "Techniker:in",
        "report": "Meldung",
        "incident": "Notfall",
        "page": "Alarmierung",
        "time entry": "Zeiteintrag",
        "Callback": "Rückruf",
        "cause": "Ursache",
        "Order with obligation to pay": "Zahlungspflichtig bestellen",
        "Invoice": "Rechnung",
        "Credit note": "Rechnungskorrektur",
    },
    "billing": {
        "account": "Kundenkonto",
        "Invoice": "Rechnung",
        "Credit note": "Rechnungskorrektur",
        "Fee terms accepted": "Akzeptierte Entgeltbedingungen",
    },
    "status": {"maintenance window": "Wartungsfenster"},
}


def german(app: str) -> list[tuple[str, str]]:
    """Every msgid with each of its German texts."""
    return [
        (entry.msgid, text)
        for entry in read_catalogue(PROJECT, app)
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if text
    ]


@pytest.mark.parametrize("app", APPS)
def test_every_text_has_its_translation_and_no_translation_is_left_over(
    app: str,
) -> None:
    shown = extract(PROJECT, app) if shutil.which("xgettext") else None
    assert list(complaints(read_catalogue(PROJECT, app), shown)) == []


@pytest.mark.parametrize("app", APPS)
def test_no_text_stands_twice_in_a_catalogue(app: str) -> None:
    keys = [(e.msgctxt, e.msgid) for e in read_catalogue(PROJECT, app)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("app", APPS)
def test_the_tone_is_calm_and_polite(app: str) -> None:
    loud = [text for _, text in german(app) if "!" in text or FAMILIAR.search(text)]
    assert loud == []


@pytest.mark.parametrize("app", APPS)
def test_the_words_are_ours(app: str) -> None:
    assert [text for _, text in german(app) if NOT_OUR_WORDS.search(text)] == []
    kept = dict(german(app))
    for english, word in GLOSSARY[app].items():
        assert kept[english] == word


@pytest.mark.parametrize("app", APPS)
def test_a_sentence_ends_as_its_original_does(app: str) -> None:
    for english, text in german(app):
        if english.endswith((".", "?", ":")):
            assert text.endswith(english[-1]), (english, text)


def paged_texts() -> list[tuple[str, str]]:
    """English and German of all that a pager or a callback of the provider says."""
    catalogue: polib.POFile = read_catalogue(PROJECT, "emergency")
    found = []
    for name in PAGED:
        for call in calls(PROJECT / name):
            if called(call) == "_" and isinstance(call.args[0], ast.Constant):
                english = str(call.args[0].value)
                entry = catalogue.find(english)
                assert entry is not None, english
                found.append((english, entry.msgstr))
    return found


def test_a_page_can_be_sent_as_plain_sms_and_stays_short() -> None:
    texts = paged_texts()
    assert len(texts) > 15
    for pair in texts:
        for text in pair:
            assert set(text) <= GSM_7, text
            said = (text % LIKELY).replace("{link}", LIKELY_LINK)
            assert len(said) <= TWO_SEGMENTS, text
