"""Feeds with one trap each: a history without states, and nothing more."""

from tests.integration.status.case import Case

BEGUN = "Sun, 22 Nov 2026 01:00:00 +0000"
ENDS = "Sun, 22 Nov 2026 03:00:00 +0000"


def item(name: str, begun: str, ends: str = "", text: str = "") -> str:
    end = f"<maintenanceEndDate>{ends}</maintenanceEndDate>" if ends else ""
    text = text.replace("<", "&lt;")
    return (
        f"<item><title>{name}</title><guid>{name}</guid><pubDate>{begun}</pubDate>{end}"
        f"<description>{text}</description></item>"
    )


def rss(*items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>History</title>{''.join(items)}</channel></rss>"
    )


def update(state: str) -> str:
    return f"<p><small>Nov 22</small><br><strong>{state}</strong> - Text.</p>"


CASES = (
    Case(
        says="a planned event is due between its dates and no more than that",
        kind="statuspage",
        path="/history.rss",
        body=rss(
            item("now", BEGUN, ENDS, update("In progress")),
            item("later", "Wed, 25 Nov 2026 01:00:00 +0000", ENDS.replace("22", "26")),
            item("incident", BEGUN),
            item("moved", BEGUN.replace("01:00:00", "01:05:15"), BEGUN),
        ),
        due=("now",),
        upcoming=("later",),
    ),
    Case(
        says="what was completed early is over, whatever is older in its text",
        kind="statuspage",
        path="/history.rss",
        body=rss(item("m", BEGUN, ENDS, update("Completed") + update("In progress"))),
    ),
    Case(
        says="a zone may stand in letters",
        kind="statuspage",
        path="/history.rss",
        body=rss(
            item("cet", BEGUN.replace("01:00:00 +0000", "02:11:01 CET"), ENDS),
            item("pst", "Sat, 21 Nov 2026 17:00:00 PST", ENDS),
        ),
        due=("pst",),
        upcoming=("cet",),
    ),
    Case(
        says="a zone that nobody knows is two hours wide",
        kind="statuspage",
        path="/history.rss",
        body=rss(
            item("m", "Sun, 22 Nov 2026 03:00:00 XYZ", "Sun, 22 Nov 2026 04:00:00 XYZ")
        ),
        due=("m",),
    ),
    Case(
        says="a history of incidents rules nothing out",
        kind="statuspage",
        path="/history.rss",
        body=rss(item("incident", BEGUN)),
        result="unknown",
    ),
    Case(
        says="a blog rules nothing out",
        kind="rss_generic",
        body=rss(item("Wartung heute", BEGUN)),
        result="unknown",
    ),
    Case(
        says="an empty list of current events does",
        kind="rss_generic",
        body=rss(),
        config={"current_events": True},
    ),
    Case(
        says="a document type is refused, and what it declares with it",
        kind="rss_generic",
        body=rss().replace("<rss", '<!DOCTYPE rss [<!ENTITY a "b">]><rss', 1),
        config={"current_events": True},
        result="unknown",
    ),
    Case(
        says="a web page is no feed",
        kind="rss_generic",
        body="<html><body>Status</body></html>",
        config={"current_events": True},
        result="unknown",
    ),
)
