"""The RSS history of a Statuspage page.

For a planned event `pubDate` is the planned start and the product's own element
`maintenanceEndDate` the planned end; after completion `pubDate` moves to the last
update and may lie behind the end, or before it where the work was done early. The feed
carries no state: its windows are due at most, and it rules nothing out. Only that an
event is completed can be seen, in the text of its newest update.
"""

import re
from xml.etree import ElementTree

from status.rules.maintenance import Reason
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, refused
from status.sources.values import (
    LONGEST_ID,
    address,
    has_offset,
    instant,
    mentions,
    text,
)
from status.sources.xml_documents import child_text, local_name, xml_root

# The first update of the text is the newest one; its state stands before a hyphen.
_NEWEST = re.compile(r"<br ?/?>\s{0,9}<strong>([^<]{0,40})</strong>\s{0,9}-")


def read_feed(page: Page) -> Document:
    """The planned events of the feed."""
    root = xml_root(page.body)
    channel = next((part for part in root if local_name(part) == "channel"), None)
    if local_name(root) != "rss" or channel is None:
        raise refused("not_a_statuspage_feed")
    items = [part for part in channel if local_name(part) == "item"]
    return Document(
        components=None,
        windows=distinct(planned_events(items)),
        doubt=Reason.FEED_ONLY,
    )


def planned_events(items: list[ElementTree.Element]) -> list[WindowFacts]:
    """The items that carry both dates."""
    return [
        _window(item, position)
        for position, item in enumerate(items)
        if any(local_name(part) == "maintenanceEndDate" for part in item)
    ]


def _window(item: ElementTree.Element, position: int) -> WindowFacts:
    link = child_text(item, "link")
    own = text(child_text(item, "guid") or link, LONGEST_ID)
    described = child_text(item, "description")
    newest = _NEWEST.search(described)
    completed = newest is not None and newest[1].strip().lower() == "completed"
    return WindowFacts(
        id=own or f"entry-{position}",
        name=text(child_text(item, "title")),
        state=WindowState.FINISHED if completed else WindowState.UNKNOWN,
        starts_at=instant(child_text(item, "pubDate")),
        ends_at=instant(child_text(item, "maintenanceEndDate")),
        url=address(link),
        mentions=mentions(described),
        zone_known=all(
            has_offset(child_text(item, part))
            for part in ("pubDate", "maintenanceEndDate")
        ),
    )
