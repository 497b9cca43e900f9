"""Which parts of a status page are this server? Pure: names in, component ids out."""

import ipaddress
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_LIKE_AN_ADDRESS = re.compile(r"\[?[0-9a-f]*[:.][0-9a-f:.]*\]?")


@dataclass(frozen=True, kw_only=True)
class Component:
    """One part of a status page; ``in_maintenance`` is its colour, not a window.

    ``no_impact``: among the parts of a window, one on which nobody should notice it.
    """

    id: str
    name: str
    group: str = ""
    in_maintenance: bool = False
    no_impact: bool = False


def normalised(name: str) -> str:
    """The name as it is compared: compatibility form, case folded, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _whole(form: str) -> str:
    """A normalised name as a whole; of an address, its shortest form."""
    form = form.rstrip(".")
    if not _LIKE_AN_ADDRESS.fullmatch(form):
        return form
    try:
        return str(ipaddress.ip_address(form.strip("[]")))
    except ValueError:
        return form


def _first_label(form: str) -> str:
    """The first label of a host name; "" of anything else."""
    first, _, rest = form.partition(".")
    is_host = bool(rest) and " " not in form and not first.isdigit() and ":" not in form
    return first if is_host else ""


def spellings(name: str) -> frozenset[str]:
    """Every form under which a typed name may stand on a status page.

    A host name also answers to its first label ("web-01" for "web-01.example.net"), an
    address only to itself. Empty when nothing was typed.
    """
    form = _whole(normalised(name))
    return frozenset({form, _first_label(form)} - {""})


@lru_cache(maxsize=4096)
def _forms(component: Component) -> tuple[frozenset[str], frozenset[str]]:
    """The forms of a component: those of its whole name, and the first labels."""
    name, own_id = normalised(component.name), normalised(component.id)
    whole = {_whole(name), own_id, _whole(own_id)}
    if component.group:
        whole.add(f"{normalised(component.group)} - {name}")
        own = name
    else:
        # A name whose group nobody tells may be both in one.
        own = name.rpartition(" - ")[2]
        whole.add(_whole(own))
    labels = {_first_label(_whole(name)), _first_label(_whole(own))}
    return frozenset(whole - {""}), frozenset(labels - {""})


def component_spellings(component: Component) -> frozenset[str]:
    """The forms of a component: "X", "Group - X", its id, and X's first label."""
    whole, labels = _forms(component)
    return whole | labels


class Ground(StrEnum):
    """Why a part, or a window, is taken for this server; the strongest first."""

    MAPPED = "mapped"
    EXACT = "exact"
    NAME = "name"
    SHORT = "short"
    PARENT = "parent"
    MENTIONED = "mentioned"
    WHOLE_PAGE = "whole_page"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The server that is asked for, in the forms in which names are compared.

    ``mapped`` was typed in by staff, ``full`` are whole names and addresses, ``short``
    the first labels of host names.
    """

    mapped: frozenset[str]
    full: frozenset[str]
    short: frozenset[str]

    @classmethod
    def of(
        cls,
        *,
        names: Collection[str],
        addresses: Collection[str] = (),
        mapped: Collection[str] = (),
    ) -> "Asked":
        typed = (*names, *addresses)
        full = frozenset(_whole(normalised(name)) for name in typed) - {""}
        every: frozenset[str] = frozenset().union(*map(spellings, typed))
        return cls(
            mapped=frozenset(normalised(entry) for entry in mapped) - {""},
            full=full,
            short=every - full,
        )

    @property
    def forms(self) -> frozenset[str]:
        """Every form that a part may have to be this server."""
        return self.mapped | self.full | self.short

    def ground_of(self, component: Component) -> Ground | None:
        """Why this part is the server; None when it is another."""
        whole, labels = _forms(component)
        forms = whole | labels
        if forms & self.mapped:
            return Ground.MAPPED
        if _whole(normalised(component.id)) in self.full:
            return Ground.EXACT
        if forms & self.full:
            return Ground.NAME
        # "web-01" may be "web-01.example.net", which is never "web-01.example.org".
        return Ground.SHORT if whole & self.short else None

    def is_mentioned_in(self, text: str) -> bool:
        """True when the text holds the name as a word of its own. Words that could be
        anything ("web") do not count, nor the first label of another host's name."""
        found = normalised(text)
        return any(
            re.search(rf"(?<![\w.-]){re.escape(form)}(?![\w-]{other})", found)
            for forms, other in ((self.full | self.mapped, ""), (self.short, r"|\.\w"))
            for form in forms
            if len(form) > 3 and re.search(r"[\d.-]", form)
        )


def matching_components(
    *, components: Iterable[Component], asked: Asked
) -> frozenset[str]:
    """The ids of the components that this server may be, strongest ground first.

    A mapping typed in by staff decides alone; otherwise names and addresses count.
    Several ids mean the name is ambiguous.
    """
    by_mapping, by_name = set(), set()
    for component in components:
        ground = asked.ground_of(component)
        if ground is Ground.MAPPED:
            by_mapping.add(component.id)
        elif ground is not None:
            by_name.add(component.id)
    return frozenset(by_mapping or by_name)
