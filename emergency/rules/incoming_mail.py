"""What an incoming mail is: written by a person or a machine, and about what.

Sources: RFC 3834 (automatic answers), RFC 2369 and 2919 (lists), RFC 3464 (delivery
reports).
"""

import re
from collections.abc import Mapping, Sequence

REFERENCE = re.compile(r"\bNF-[2-9B-DF-HJKMNP-TV-XZ]{4}-[2-9B-DF-HJKMNP-TV-XZ]{4}\b")
# Nobody reads what is sent to these.
DAEMONS = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+.=-].*)?@",
    re.IGNORECASE,
)
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
LISTS = ("list-id", "list-unsubscribe", "list-post", "list-help")
ANSWERERS = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-loop")
# Answers and reports of machines: nobody needs to look at them.
LOOPS = frozenset({"own", "auto_replied", "answerer", "report", "null_sender"})


def machine_reason(
    headers: Mapping[str, Sequence[str]], *, content_type: str, sender: str
) -> str:
    """Why the mail must not be answered by a machine, as a code; empty for a mail that
    a person seems to have written. Names of headers are in lower case."""
    first = {name: values[0].strip().lower() for name, values in headers.items()}
    submitted = first.get("auto-submitted", "no").partition(";")[0].strip()
    verdicts = (
        ("null_sender", first.get("return-path") == "<>"),
        ("report", content_type == "multipart/report"),
        ("auto_replied", submitted == "auto-replied"),
        ("answerer", any(name in first for name in ANSWERERS)),
        ("auto_submitted", submitted != "no"),
        ("bulk", first.get("precedence", "") in BULK),
        ("list", any(name in first for name in LISTS)),
        ("suppressed", bool(first.get("x-auto-response-suppress"))),
        ("spam", first.get("x-spam-flag") == "yes"),
        ("daemon", bool(DAEMONS.match(sender))),
        ("no_sender", not sender),
    )
    return next((code for code, applies in verdicts if applies), "")


def references_in(text: str) -> list[str]:
    """The references of incidents that the text names, in their order."""
    return list(dict.fromkeys(REFERENCE.findall(text.upper())))


def incident_meant(
    *, answered: Sequence[int], named: Sequence[int], of_sender: Sequence[int]
) -> int | None:
    """The one open incident that a mail belongs to, or None where a person has to say.

    ``answered`` are those whose message the mail answers, ``named`` those whose
    reference stands in its subject, ``of_sender`` the open ones of whoever wrote it.
    The strongest sign that there is decides, if it says one thing only.
    """
    for signs in (answered, named, of_sender):
        if signs:
            return signs[0] if len(set(signs)) == 1 else None
    return None
