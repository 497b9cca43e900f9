"""The page of phones. Every text is escaped where it enters the markup."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from emergency.simulator.callbacks import LOST
from emergency.simulator.cards import card, mark
from emergency.simulator.network import Network
from emergency.simulator.notices import notices
from emergency.simulator.state import Json, snapshot
from emergency.simulator.trouble import trouble
from emergency.simulator.wording import LANGUAGES, word

__all__ = ["View", "choose", "fragment", "mark", "page"]

_NAMES = {"en": "English", "de": "Deutsch"}


@dataclass(frozen=True)
class View:
    """How the reader wants the page: language, and whether it stands still."""

    language: str
    explicit: bool = False
    paused: bool = False

    def query(self, **changes: str) -> str:
        """Return the query that keeps this view in links and forms."""
        parts = {"lang": self.language} if self.explicit else {}
        if self.paused:
            parts["pause"] = "1"
        parts |= changes
        joined = "&".join(f"{name}={value}" for name, value in parts.items() if value)
        return f"?{joined}" if joined else ""


def choose(asked: str, accepted: str) -> str:
    """Return the language asked for, else the first accepted, else English."""
    wishes = [asked, *(part.split(";")[0] for part in accepted.split(","))]
    for wish in wishes:
        code = wish.strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"


def page(network: Network, view: View) -> str:
    """Return the whole page."""
    language = view.language
    refresh = '<noscript><meta http-equiv="refresh" content="2"></noscript>'
    title = escape(word(language, "title"))
    refused = escape(word(language, "not_possible", text="{text}"))
    no_behaviour = escape(word(language, "no_behaviour", text="{text}"))
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/phones.css">
{"" if view.paused else refresh}
<script src="/assets/phones.js" defer></script>
</head>
<body data-title="{title}">
<header>
<div>
<h1>{title}</h1>
<p>{escape(word(language, "intro"))}</p>
</div>
<nav>{_languages(view)}</nav>
</header>
{_without_script(view)}
<p id="lost" class="problem" role="status" hidden>{escape(word(language, "lost"))}</p>
<p id="refused" class="problem" role="alert" data-words="{refused}"
data-behaviour="{no_behaviour}" hidden></p>
<main id="network">
{fragment(network, view)}
</main>
</body>
</html>
"""


def refusal(outcome: Json, language: str) -> str:
    """Return in the reader's language why something typed was not taken."""
    if "behaviour" in outcome:
        return word(language, "no_behaviour", text=outcome["behaviour"])
    return word(language, "not_possible", text=outcome["error"])


def fragment(network: Network, view: View) -> str:
    """Return the part of the page that changes."""
    state = snapshot(network)
    language, phones = view.language, state["phones"]
    cards = "".join(card(phone, language, view.query()) for phone in phones)
    if not phones:
        cards = f'<p class="empty">{escape(word(language, "no_phones"))}</p>'
    return (
        f'<div id="ringing" data-live role="status">{_ringing(phones, language)}</div>'
        f'<div id="cards" class="cards">{cards}</div>'
        f'<div id="pushes" data-live>{notices(state, language)}</div>'
        f"{trouble(state, language, view.query())}"
        f'<div id="problems" data-live>{_problems(state, language)}</div>'
    )


def _ringing(phones: Iterable[Json], language: str) -> str:
    lines = []
    for phone in phones:
        if any(call["status"] == "ringing" for call in phone["calls"]):
            who = escape(
                word(language, "rings_now", who=phone["name"] or phone["number"])
            )
            label = escape(word(language, "show"))
            lines.append(
                f'<p class="banner"><strong>{who}</strong> '
                f'<a href="#{mark(phone["number"])}">{label}</a></p>'
            )
    return "".join(lines)


def _problems(state: Json, language: str) -> str:
    failed = [
        entry for entry in state["callbacks"] if entry["problem"] not in ("", LOST)
    ][:10]
    if not failed:
        return ""
    lines = "".join(
        f"<li><code>{escape(entry['url'])}</code> {escape(entry['problem'])}</li>"
        for entry in failed
    )
    title = escape(word(language, "problems"))
    return f'<section class="problems"><h2>{title}</h2><ul>{lines}</ul></section>'


def _languages(view: View) -> str:
    links = []
    for code in LANGUAGES:
        current = ' aria-current="true"' if code == view.language else ""
        query = escape(view.query(lang=code))
        links.append(
            f'<a href="/{query}" lang="{code}" hreflang="{code}"{current}>'
            f"{_NAMES[code]}</a>"
        )
    return "".join(links)


def _without_script(view: View) -> str:
    state, act = ("paused", "resume") if view.paused else ("refreshes", "pause")
    query = escape(view.query(pause="" if view.paused else "1"))
    return (
        f'<noscript><p class="noscript">{escape(word(view.language, state))} '
        f'<a href="/{query}">{escape(word(view.language, act))}</a></p></noscript>'
    )
