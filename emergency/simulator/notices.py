"""The part of the page that shows the notifications that were pushed."""

import json
from datetime import datetime
from html import escape

from emergency.simulator.state import Json
from emergency.simulator.wording import word

SHOWN = 20
LONGEST = 600


def notices(state: Json, language: str) -> str:
    """Return the newest notifications; nothing when there are none."""
    if not state["pushes"]:
        return ""
    lines = "".join(_line(push, language) for push in state["pushes"][:SHOWN])
    title = escape(word(language, "pushes"))
    return (
        f'<section class="pushes"><h2>{title}</h2>'
        f'<ol class="messages" tabindex="0" aria-label="{title}">{lines}</ol></section>'
    )


def _line(push: Json, language: str) -> str:
    title, text = _texts(push["content"])
    moment = datetime.fromisoformat(push["at"]).astimezone()
    to = escape(word(language, "push_to", name=push["name"]))
    heading = f"<p><strong>{escape(title)}</strong></p>" if title else ""
    return (
        f'<li class="theirs"><p class="meta">'
        f'<time datetime="{escape(push["at"])}">{moment:%H:%M}</time> {to}</p>'
        f'{heading}<p class="body">{escape(text)}</p></li>'
    )


def _texts(content: object) -> tuple[str, str]:
    """Return title and text as Apprise names them, else all of it as it came."""
    if isinstance(content, dict) and isinstance(content.get("message"), str):
        return str(content.get("title") or ""), content["message"][:LONGEST]
    return "", json.dumps(content, ensure_ascii=False)[:LONGEST]
