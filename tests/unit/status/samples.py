"""Our own small pages: one of each kind with a window at NOW, and one with none.

At NOW every busy page has exactly one window, called "w1", that is active or due.
"""

import json
from typing import Any

from tests.unit.status import samples_hosted, samples_self_hosted
from tests.unit.status.sample import Sample, calendar

BUSY = (*samples_self_hosted.PAGES, *samples_hosted.PAGES)


def _without_window(sample: Sample) -> Any:
    """The same page with nothing planned."""
    value = json.loads(sample.body)

    def emptied(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: emptied(inner) for key, inner in part.items()}
        if isinstance(part, list):
            return [emptied(inner) for inner in part if not _is_window(inner)]
        return part

    return emptied(value)


def _is_window(value: Any) -> bool:
    return isinstance(value, dict) and "w1" in value.values()


QUIET = (
    *(
        Sample(
            kind=sample.kind,
            value={**_without_window(sample), "page": {"status": "UP"}}
            if sample.kind == "instatus"
            else _without_window(sample),
            needed=sample.needed,
            config=sample.config,
            url=sample.url,
        )
        for sample in BUSY
        if not isinstance(sample.value, str)
    ),
    Sample(kind="ics", value=calendar()),
)
