"""Facts as they stand in columns; the way back is in ``status.queries``."""

from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts


def window_row(window: WindowFacts) -> dict[str, Any]:
    """The columns of a window, its id apart."""
    return {
        "name": window.name,
        "state": window.state.value,
        "starts_at": window.starts_at,
        "ends_at": window.ends_at,
        "components": [component_row(part) for part in window.components],
        "url": window.url,
        "open_ended": window.open_ended,
        "zone_known": window.zone_known,
        "no_impact": window.no_impact,
        "mentions": window.mentions,
    }


def component_row(component: Component) -> dict[str, str | bool]:
    """The component as it stands in a column."""
    row: dict[str, str | bool] = {
        "id": component.id,
        "name": component.name,
        "group": component.group,
        "in_maintenance": component.in_maintenance,
    }
    return {**row, "no_impact": True} if component.no_impact else row
