"""RSS and Atom of no particular product: a history without states, good for a hint.

Such a feed never rules maintenance out, unless the operator declares that it lists
current events only (`current_events`) and it is empty. Where an item carries the two
dates of Statuspage they are used.
"""

from collections.abc import Mapping
from typing import Any

from status.rules.maintenance import Reason
from status.sources.base import Document, Page, distinct, refused
from status.sources.statuspage_feed import planned_events
from status.sources.xml_documents import local_name, xml_root

_ROOTS = {"rss", "feed", "RDF"}


def read(page: Page) -> Document:
    """What the feed plans, if it says so with both dates; otherwise only doubt."""
    root = xml_root(page.body)
    if local_name(root) not in _ROOTS:
        raise refused("not_a_feed")
    if local_name(root) == "rss" and not any(local_name(e) == "channel" for e in root):
        raise refused("not_a_feed")
    items = [e for e in root.iter() if local_name(e) in {"item", "entry"}]
    certain = not items and _lists_current_events(page.config)
    return Document(
        components=None,
        windows=distinct(planned_events(items)),
        doubt=None if certain else Reason.FEED_ONLY,
    )


def _lists_current_events(config: Mapping[str, Any]) -> bool:
    return any(
        value is True and "current" in key.lower() for key, value in config.items()
    )
