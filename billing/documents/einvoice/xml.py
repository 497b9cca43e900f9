"""XML written element by element, in the order in which it is said.

The standard library's writer escapes and encodes; prefixes are written as they are
named on the root. Nothing here reads XML.
"""

import re
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, indent, tostring

# What XML 1.0 cannot carry at all, not even escaped.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def node(tag: str, *content: "Element | str | None", **attributes: str) -> Element:
    """The element with its text and children; None stands for an absent child."""
    element = Element(tag, attributes)
    text = "".join(part for part in content if isinstance(part, str))
    if text:
        element.text = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
    element.extend(part for part in content if isinstance(part, Element))
    return element


def some(
    tag: str, *content: "Element | str | None", **attributes: str
) -> Element | None:
    """The same, or None where there is neither text nor child to put into it."""
    element = node(tag, *content, **attributes)
    return element if element.text or len(element) else None


def written(root: Element) -> bytes:
    """The document as UTF-8; the same tree gives the same bytes."""
    indent(root)
    content: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"


def amount(value: Decimal) -> str:
    """An amount or a rate with two places and a dot."""
    return f"{value:.2f}"


def iso(day: date | None) -> str:
    """2026-03-04, or nothing."""
    return day.isoformat() if day else ""
