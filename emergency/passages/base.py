"""What a passage is."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, override

from emergency.operator_facts import current_operator
from emergency.rules.passages import filled, with_places

# Words that are translated when they are read.
Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One text: where it stands, the product's words, and the names it may use;
    ``longest`` is how many characters a wording may have.

    ``default`` is translated when read; its places are written ``%(name)s`` there and
    ``{name}`` by the operator. ``needed`` are the names that no wording may leave out.
    """

    key: str
    page: Words
    where: Words
    default: Words
    names: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    longest: int = 2_000

    def own_words(self, language: str) -> str:
        """The product's words in this language, with places as the operator writes
        them."""
        with override(language):
            return with_places(self._default, self.names)

    def _default(self, values: Mapping[str, str]) -> str:
        return str(self.default) % values if self.names else str(self.default)

    def words(self, values: Mapping[str, str]) -> str:
        """The words in force in the active language, with these values."""
        language = (get_language() or "").partition("-")[0]
        theirs = current_operator().wording(self.key, language)
        return filled(theirs, values) if theirs else self._default(values)


def passages(
    page: Words, *texts: tuple[str, Words, Words, str], longest: int = 2_000
) -> list[Passage]:
    """Each text: key, where it stands, default, names (``!`` marks a needed one)."""
    return [
        Passage(
            key=key,
            page=page,
            where=where,
            default=default,
            names=frozenset(names.replace("!", "").split()),
            needed=frozenset(n.strip("!") for n in names.split() if n.endswith("!")),
            longest=longest,
        )
        for key, where, default, names in texts
    ]
