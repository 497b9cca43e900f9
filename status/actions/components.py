"""The parts of a page, as a list on the page and as spellings in an index."""

from collections.abc import Iterable
from itertools import islice

from status.actions.rows import component_row
from status.models import ComponentForm, Source
from status.rules.matching import Component, component_spellings

# More parts than this would not be a list that anybody reads.
MOST = 2000


def set_components(source: Source, parts: Iterable[Component]) -> None:
    """These are the page's parts, found by each of their spellings. The caller saves
    the page, in the transaction that it has open."""
    kept = list(islice(parts, MOST))
    rows = [component_row(part) for part in kept]
    if rows == source.components and source.forms.exists() == bool(rows):
        return
    source.components = rows
    source.forms.all().delete()
    ComponentForm.objects.bulk_create(
        ComponentForm(
            source=source,
            form=form[:450],
            external_id=part.id,
            name=part.name,
            group=part.group,
            in_maintenance=part.in_maintenance,
        )
        for part in kept
        for form in sorted(component_spellings(part))
    )
