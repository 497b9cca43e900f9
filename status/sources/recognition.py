"""By what a document gives its product away. Looking only; the readers judge it."""

import json
import re
from typing import Any
from urllib.parse import urljoin

from status.sources.base import SourceError
from status.sources.values import json_value, objects
from status.sources.xml_documents import local_name, looks_like_xml, xml_root

_STATUS_IO = re.compile(rb"statuspageId['\"]?\s*[:=]\s*['\"]([0-9a-f]{24})['\"]")
_LINK = re.compile(rb"<link\b[^>]{0,500}>", re.IGNORECASE)
_HREF = re.compile(rb"href\s*=\s*[\"']([^\"']{1,500})[\"']", re.IGNORECASE)
_FEED_TYPES = (b"application/rss+xml", b"application/atom+xml")


def json_kind(body: bytes) -> str:
    """The product whose JSON document this looks like; "" for none."""
    try:
        value = json_value(body)
    except SourceError:
        return ""
    if isinstance(value, list):
        issue = value[0] if value else None
        is_issue = isinstance(issue, dict) and {"number", "labels"} <= set(issue)
        return "upptime" if is_issue else ""
    return _object_kind(value) if isinstance(value, dict) else ""


def _object_kind(root: dict[str, Any]) -> str:
    page, data = root.get("page"), root.get("data")
    keys = set(root)
    if isinstance(page, dict) and isinstance(root.get("components"), list):
        grouped = any("group" in part for part in objects(root["components"]))
        return "statuspage" if grouped else "incidentio"
    if {"schema_version", "max_stale_seconds"} <= keys:
        return "flashduty"
    if {"page_title", "in_progress_maintenances"} <= keys:
        return "incidentio"
    if isinstance(page, dict) and isinstance(page.get("status"), str):
        return "instatus"
    if isinstance(data, dict) and data.get("type") == "status_page":
        return "betterstack"
    for key, kind in (
        ("cStateVersion", "cstate"),
        ("maintenanceList", "uptimekuma"),
        ("scheduledMaintenanceEvents", "oneuptime"),
        ("scheduled_maintenances", "statuspage"),
        ("notices", "sorry"),
    ):
        if key in keys:
            return kind
    return _by_shape(root, keys)


def _by_shape(root: dict[str, Any], keys: set[str]) -> str:
    result = root.get("result")
    if isinstance(result, dict) and {"status", "maintenance"} <= set(result):
        return "statusio"
    if {"services", "maintenances"} <= keys:
        return "statuspal"
    if "maintenances" in keys and keys & {"monitors", "pageComponents"}:
        return "openstatus"
    if {"announcements", "oidc"} <= keys:
        return "gatus"
    if "issues" in keys and "state" in keys:
        return "hund"
    first = next(iter(objects(root.get("data"))), {})
    attributes = first.get("attributes")
    if isinstance(attributes, dict) and "scheduled" in attributes:
        return "cachet3"
    return "cachet2" if "scheduled_at" in first else ""


def text_kind(body: bytes) -> str:
    """The product of a calendar, a feed or a stream; "" for none."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    if start.upper().startswith(b"BEGIN:VCALENDAR"):
        return "ics"
    if start.startswith((b"event: init_event", b"event:init_event")):
        return "hund"
    if not looks_like_xml(body):
        return ""
    try:
        root = xml_root(body)
    except SourceError:
        return ""
    if b"maintenanceEndDate" in body:
        return "statuspage"
    if local_name(root) == "feed" and b":Maintenance/" in body:
        return "instatus"
    return "rss" if local_name(root) in {"rss", "feed", "RDF"} else ""


def is_pong(body: bytes) -> bool:
    """True for the answer of Cachet's ping."""
    try:
        return bool(json.loads(body) == {"data": "Pong!"})
    except (ValueError, RecursionError):
        return False


def sorry_links(body: bytes) -> bool:
    """True for the start of Sorry's interface."""
    try:
        value = json_value(body)
    except SourceError:
        return False
    page = value.get("page") if isinstance(value, dict) else None
    return isinstance(page, dict) and isinstance(page.get("links"), dict | list)


def status_io_id(body: bytes) -> str:
    """The page's id, as status.io writes it into the page; "" for none."""
    match = _STATUS_IO.search(body)
    return match[1].decode() if match else ""


def feed_of(body: bytes, url: str) -> str:
    """The feed that a web page names; "" for none."""
    for link in _LINK.findall(body[:200_000]):
        href = _HREF.search(link)
        if href and any(kind in link.lower() for kind in _FEED_TYPES):
            target: str = href[1].decode("utf-8", "replace")
            return urljoin(url, target)
    return ""
