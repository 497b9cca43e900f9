"""Texts with named places, as staff write them: “We call you within {minutes} minutes.”

A place is a name in braces. Everything else is text, per cent signs and lonely braces
too.
"""

import re
from collections.abc import Callable, Mapping

_PLACE = re.compile(r"\{(\w+)\}")


def places_in(text: str) -> frozenset[str]:
    """The names of all places of the text."""
    return frozenset(_PLACE.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; a place without a value stays as it is."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def with_places(fill: Callable[[Mapping[str, str]], str], names: frozenset[str]) -> str:
    """What ``fill`` makes of the places themselves: a product's own text as staff may
    write it."""
    return fill({name: f"{{{name}}}" for name in names})
