"""One phone as a card: what happens on it, its SMS, how it reacts."""

from datetime import datetime
from html import escape
from urllib.parse import quote

from emergency.simulator.conduct import conduct
from emergency.simulator.state import Json
from emergency.simulator.wording import WORDS, word

EARLIER_SHOWN = 5
MESSAGES_SHOWN = 20
KEYS = "123456789*0#"


def mark(number: str) -> str:
    """Return the card's place on the page."""
    return "phone-" + "".join(char for char in number if char.isdigit())


def card(phone: Json, language: str, query: str) -> str:
    """Return the card. What changes by itself stands in `data-live` parts."""
    place, number = mark(phone["number"]), phone["number"]
    live = [call for call in phone["calls"] if not call["final"]]
    ringing = any(call["status"] == "ringing" for call in live)
    name = escape(phone["name"] or number)
    known = phone["role"] in WORDS
    role = word(language, phone["role"]) if known else phone["role"]
    role = f"{escape(role)} · " if role else ""
    status = " ringing" if ringing else " talking" if live else ""
    return f"""<article id="{place}" class="phone{status}" aria-labelledby="{place}-n">
<header><h2 id="{place}-n" tabindex="-1">{name}</h2>
<p>{role}<span class="number">{escape(number)}</span></p></header>
<div id="{place}-live" data-live>
{_calls(live, language, query)}
{_earlier(phone, language)}
{_messages(phone, language)}
</div>
{_reply(phone, language, query)}
{conduct(phone, place, language, query)}
</article>
"""


def _calls(live: list[Json], language: str, query: str) -> str:
    if not live:
        return f'<p class="quiet">{escape(word(language, "quiet"))}</p>'
    return "".join(_call(call, language, query) for call in live)


def _call(call: Json, language: str, query: str) -> str:
    status = call["status"]
    code = "mailbox_on" if call["machine"] else status
    caller = escape(word(language, "call_from", number=call["from"]))
    acts = ""
    if status == "ringing":
        acts = _button(call, "answer", language, query, "primary")
        acts += _button(call, "reject", language, query, "")
    elif status == "in-progress":
        acts = "" if call["machine"] else _keypad(call, language, query)
        acts += _button(call, "hangup", language, query, "")
    return (
        f'<section class="call {escape(status)}">'
        f'<p class="status">{escape(word(language, code))}</p>'
        f'<p class="caller">{caller}</p>'
        f"{_transcript(call, language)}"
        f'<div class="acts">{acts}</div></section>'
    )


def _button(call: Json, act: str, language: str, query: str, kind: str) -> str:
    words = {"answer": "answer", "reject": "decline", "hangup": "hang_up"}
    action = f"/sim/calls/{call['sid']}/{act}{query}"
    return (
        f'<form method="post" action="{escape(action)}">'
        f'<button id="{call["sid"]}-{act}" class="{kind}">'
        f"{escape(word(language, words[act]))}</button></form>"
    )


def _transcript(call: Json, language: str) -> str:
    if not call["transcript"]:
        return ""
    codes = {
        "key": "pressed",
        "key_unheard": "pressed_unheard",
        "dial": "dials",
        "connected": "connected",
        "digits": "dialled_on",
        "error": "error",
    }
    lines = []
    for line in call["transcript"]:
        text, spoken = line["text"], ""
        if line["kind"] == "say":
            spoken = f' lang="{escape(line["language"])}"' if line["language"] else ""
        else:
            code = codes[line["kind"]]
            text = word(language, code, keys=text, number=text, text=text)
        lines.append(f'<li class="{line["kind"]}"{spoken}>{escape(text)}</li>')
    label = escape(word(language, "transcript"))
    return (
        f'<ol class="transcript" tabindex="0" aria-label="{label}">'
        f"{''.join(lines)}</ol>"
    )


def _keypad(call: Json, language: str, query: str) -> str:
    gathering = call["gathering"]
    code = "not_waiting"
    if gathering:
        code = "waits_for_one" if gathering["num_digits"] == 1 else "waits_for_keys"
    action = escape(f"/sim/calls/{call['sid']}/press{query}")
    special = {"*": "key_star", "#": "key_hash"}
    keys = "".join(
        f'<button id="{call["sid"]}-{key}" name="digits" value="{key}" aria-label="'
        f'{escape(word(language, special.get(key, "key"), key=key))}">{key}</button>'
        for key in KEYS
    )
    label = escape(word(language, "keypad"))
    return (
        f'<p class="hint">{escape(word(language, code))}</p>'
        f'<form method="post" action="{action}">'
        f'<fieldset class="keypad" aria-label="{label}">{keys}</fieldset></form>'
    )


def _earlier(phone: Json, language: str) -> str:
    ended = [call for call in phone["calls"] if call["final"]][:EARLIER_SHOWN]
    if not ended:
        return ""
    lines = []
    for call in ended:
        code = call["status"]
        if code == "completed" and call["machine"]:
            code = "completed_machine"
        text = word(language, code, seconds=call["duration"])
        lines.append(
            f"<li><details><summary>{_time(call['created'])} {escape(text)}</summary>"
            f"{_transcript(call, language)}</details></li>"
            if call["transcript"]
            else f"<li>{_time(call['created'])} {escape(text)}</li>"
        )
    title = escape(word(language, "earlier"))
    return f'<h3>{title}</h3><ul class="earlier">{"".join(lines)}</ul>'


def _messages(phone: Json, language: str) -> str:
    title = f"<h3>{escape(word(language, 'messages'))}</h3>"
    if phone["opted_out"]:
        title += f'<p class="hint">{escape(word(language, "stopped"))}</p>'
    if not phone["messages"]:
        return title + f'<p class="quiet">{escape(word(language, "no_messages"))}</p>'
    lines = []
    for message in phone["messages"][:MESSAGES_SHOWN]:
        mine = message["from"] == phone["number"]
        other = message["to"] if mine else message["from"]
        who = word(language, "sent_to" if mine else "from", number=other)
        if message["network"] == "gateway":
            who = f"{who}, {word(language, 'over_gateway')}"
        status = word(language, f"sms_{message['status']}")
        problem = message["problem"] or str(message["error_code"] or "")
        if problem:
            if problem in WORDS:
                problem = word(language, problem)
            words = escape(word(language, "problem", text=problem))
            problem = f'<p class="problem">{words}</p>'
        lines.append(
            f'<li class="{"mine" if mine else "theirs"}">'
            f'<p class="meta">{_time(message["created"])} {escape(who)}, '
            f"{escape(status)}</p>"
            f'<p class="body">{escape(message["body"])}</p>{problem}</li>'
        )
    label = escape(word(language, "messages"))
    return (
        f'{title}<ol class="messages" tabindex="0" aria-label="{label}">'
        f"{''.join(lines)}</ol>"
    )


def _reply(phone: Json, language: str, query: str) -> str:
    other, place = phone["correspondent"], mark(phone["number"])
    if not other:
        return (
            f'<p class="quiet" id="{place}-reply">'
            f"{escape(word(language, 'reply_none'))}</p>"
        )
    action = escape(f"/sim/phones/{quote(phone['number'], safe='+')}/sms{query}")
    label = escape(word(language, "reply", number=other))
    return (
        f'<form method="post" action="{action}" class="reply" id="{place}-reply">'
        f'<input type="hidden" name="to" value="{escape(other)}">'
        f'<label for="{place}-body">{label}</label>'
        f'<div class="row"><input id="{place}-body" name="body" required '
        f'maxlength="1600" autocomplete="off">'
        f"<button>{escape(word(language, 'send'))}</button></div></form>"
    )


def _time(iso: str) -> str:
    local = datetime.fromisoformat(iso).astimezone()
    return f'<time datetime="{escape(iso)}">{local:%H:%M}</time>'
