"""Which parts of a status page are this server? Pure: names in, component ids out."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Component:
    """One part of a status page; ``in_maintenance`` is its colour, not a window."""

    id: str
    name: str
    group: str = ""
    in_maintenance: bool = False


def normalised(name: str) -> str:
    """The name as it is compared: compatibility form, case folded, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def spellings(name: str) -> frozenset[str]:
    """Every form under which a typed name may stand on a status page.

    A host name also answers to its first label ("web-01" for "web-01.example.net"), an
    address only to itself. Empty when nothing was typed.
    """
    form = normalised(name).rstrip(".")
    if not form:
        return frozenset()
    first, _, rest = form.partition(".")
    is_host = bool(rest) and " " not in form and not first.isdigit()
    return frozenset({form, first} if is_host else {form})


def component_spellings(component: Component) -> frozenset[str]:
    """The forms of a component: "X", "Group - X", its id, and X's first label."""
    forms = set(spellings(component.name))
    if component.group:
        forms.add(f"{normalised(component.group)} - {normalised(component.name)}")
    forms.add(normalised(component.id))
    return frozenset(forms - {""})


def wanted_forms(
    *, names: Collection[str], addresses: Collection[str], mapped: Collection[str]
) -> frozenset[str]:
    """Every form that a component may have to be this server."""
    wanted = {normalised(entry) for entry in mapped}
    for name in (*names, *addresses):
        wanted |= spellings(name)
    return frozenset(wanted - {""})


def matching_components(
    *,
    components: Iterable[Component],
    names: Collection[str],
    addresses: Collection[str],
    mapped: Collection[str],
) -> frozenset[str]:
    """The ids of the components that this server may be, strongest ground first.

    A mapping typed in by staff decides alone; otherwise names and addresses count.
    Several ids mean the name is ambiguous.
    """
    wanted_by_mapping = {normalised(entry) for entry in mapped} - {""}
    wanted: set[str] = set()
    for name in (*names, *addresses):
        wanted |= spellings(name)
    by_mapping, by_name = set(), set()
    for component in components:
        forms = component_spellings(component)
        if forms & wanted_by_mapping:
            by_mapping.add(component.id)
        if forms & wanted:
            by_name.add(component.id)
    return frozenset(by_mapping or by_name)
