"""The part of a card that says how the phone reacts: one choice, or a script."""

from html import escape
from urllib.parse import quote

from emergency.simulator.behaviours import NUMBERED, PLAIN
from emergency.simulator.state import Json
from emergency.simulator.wording import WORDS, word

_SEPARATOR = ", "


def conduct(phone: Json, place: str, language: str, query: str) -> str:
    """Return the two forms; the page reads from them what the phone plays now."""
    calls, messages = phone["scripts"]["calls"], phone["scripts"]["messages"]
    number = quote(phone["number"], safe="+")
    action = escape(f"/sim/phones/{number}/behaviour{query}")
    known = [*PLAIN, *NUMBERED]
    # A behaviour with a number of its own is an option as long as it is played.
    extra = [] if calls[0] in known else [calls[0]]
    options = "".join(
        f'<option value="{escape(code)}"{" selected" if code == calls[0] else ""}>'
        f"{escape(described(code, language))}</option>"
        for code in [*known, *extra]
    )
    return (
        f'<form method="post" action="{action}" class="behaviour">'
        f'<label for="{place}-b">{escape(word(language, "behaviour"))}</label>'
        f'<div class="row"><select id="{place}-b" name="behaviour" '
        f'data-value="{escape(calls[0])}">{options}</select>'
        f"<button>{escape(word(language, 'apply'))}</button></div></form>"
        f'<details class="script" id="{place}-script">'
        f"<summary>{escape(word(language, 'script'))}</summary>"
        f"{_form(number, place, 'calls', calls, language, query)}"
        f"{_form(number, place, 'messages', messages, language, query)}"
        f'<p class="hint">{escape(word(language, "script_hint"))} '
        f"{escape(word(language, 'script_known', codes=', '.join(known)))}</p>"
        f"</details>"
    )


def described(code: str, language: str) -> str:
    """Return a behaviour in words, with its number where it has one."""
    name, _, number = code.partition(":")
    known = f"b_{name}" if f"b_{name}" in WORDS else name
    default = NUMBERED[name].default if name in NUMBERED else ""
    return word(language, known, number=number or default)


def _form(
    number: str, place: str, kind: str, script: list[str], language: str, query: str
) -> str:
    action = escape(f"/sim/phones/{number}/script{query}")
    label = escape(word(language, f"script_{kind}"))
    value = escape(_SEPARATOR.join(script))
    return (
        f'<form method="post" action="{action}">'
        f'<label for="{place}-{kind}">{label}</label>'
        f'<div class="row"><input id="{place}-{kind}" name="{kind}" required '
        f'value="{value}" data-value="{value}" autocomplete="off" '
        f'autocapitalize="none" spellcheck="false">'
        f"<button>{escape(word(language, 'apply'))}</button></div></form>"
    )
