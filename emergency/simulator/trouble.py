"""The part of the page that orders trouble of a network, and ends it."""

from html import escape

from emergency.simulator.faults import CLOSED, KINDS, NETWORKS
from emergency.simulator.state import Json
from emergency.simulator.wording import word

_WHAT = ("", "calls", "messages")
# A page that closes the port would only seem to be broken.
_OFFERED = tuple(kind for kind in KINDS if kind != CLOSED)


def trouble(state: Json, language: str, query: str) -> str:
    """Return the section. The list of what happens now is its live part."""
    title = escape(word(language, "trouble"))
    return (
        f'<section id="trouble" class="trouble" aria-labelledby="trouble-title">'
        f'<h2 id="trouble-title" tabindex="-1">{title}</h2>'
        f'<div id="trouble-now" data-live>{_now(state, language, query)}</div>'
        f"{_form(language, query)}</section>"
    )


def _now(state: Json, language: str, query: str) -> str:
    active = [fault for fault in state["faults"] if fault["active"]]
    if not active:
        return f'<p class="quiet">{escape(word(language, "trouble_none"))}</p>'
    action = escape(f"/sim/faults/clear{query}")
    lines = "".join(
        f'<li><form method="post" action="{action}"><p>'
        f"{escape(_described(fault, language))}</p>"
        f'<button id="fault-{fault["id"]}" name="id" value="{fault["id"]}" '
        f'aria-label="{escape(word(language, "trouble_end"))}: '
        f'{escape(word(language, "f_" + fault["kind"]))}">'
        f"{escape(word(language, 'trouble_end'))}</button></form></li>"
        for fault in active
    )
    return f'<ul class="faults">{lines}</ul>'


def _described(fault: Json, language: str) -> str:
    parts = [
        word(language, "n_" + fault["network"]),
        word(language, "f_" + fault["kind"]),
    ]
    if fault["only"]:
        what = word(language, "only_" + fault["only"])
        parts.append(word(language, "trouble_only_now", what=what))
    if fault["share"] < 1:
        percent = round(fault["share"] * 100)
        parts.append(word(language, "trouble_share", percent=percent))
    if fault["left"] is not None:
        parts.append(word(language, "trouble_left", number=fault["left"]))
    parts.append(word(language, "trouble_met", number=fault["met"]))
    return ", ".join(parts)


def _form(language: str, query: str) -> str:
    legend = escape(word(language, "trouble_new"))
    count = escape(word(language, "trouble_count"))
    hint = escape(word(language, "trouble_hint"))
    return (
        f'<form method="post" action="{escape(f"/sim/faults{query}")}">'
        f"<fieldset><legend>{legend}</legend>"
        f"{_choice('network', 'n_', NETWORKS, language)}"
        f"{_choice('kind', 'f_', _OFFERED, language)}"
        f"{_choice('only', 'only_', _WHAT, language)}"
        f'<p><label for="trouble-count">{count}</label>'
        f'<input id="trouble-count" name="count" type="number" min="1" '
        f'max="1000000" inputmode="numeric" aria-describedby="trouble-hint"></p>'
        f'<button id="trouble-start">{escape(word(language, "trouble_start"))}</button>'
        f'</fieldset><p class="hint" id="trouble-hint">{hint}</p></form>'
    )


def _choice(name: str, prefix: str, codes: tuple[str, ...], language: str) -> str:
    label = escape(word(language, f"trouble_{name}"))
    options = "".join(
        f'<option value="{code}">{escape(word(language, prefix + code))}</option>'
        for code in codes
    )
    return (
        f'<p><label for="trouble-{name}">{label}</label>'
        f'<select id="trouble-{name}" name="{name}">{options}</select></p>'
    )
