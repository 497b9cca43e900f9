"""Personal data go when their time has come; the case stays whole."""

from collections import Counter
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import FileField, JSONField, Model, QuerySet

from emergency.actions.timeline import enter
from emergency.models import Erasure, Incident, Staff
from emergency.queries.retention import (
    due_for_erasure,
    facts_of,
    outlived,
    periods,
    rows_of,
    tables,
)
from emergency.rules.personal_data import Kept
from emergency.rules.retention import PURGED, Class, is_due


def purge(*, now: datetime, dry_run: bool = False) -> Counter[str]:
    """What has outlived its class is erased; counts per table, and of incidents per
    class. ``dry_run`` counts and erases nothing. Running again erases nothing more.

    Each incident is a transaction of its own. What is held is left alone.
    """
    done: Counter[str] = Counter()
    for model, kept in tables():
        if kept.aged_by:
            for kind in PURGED & set(kept.fields):
                rows = outlived(model, kept, kind, now)
                done[model.__name__] += (
                    rows.count() if dry_run else erase_rows(rows, kept, kind)
                )
    over = Session.objects.filter(expire_date__lte=now)
    done["Session"] += over.count() if dry_run else over.delete()[0]
    for incident, kind in due_for_erasure(now):
        if dry_run:
            done[f"incidents_{kind}"] += 1
        else:
            done += _purge_incident(incident.pk, kind, now)
    return +done


def _purge_incident(incident_id: int, kind: Class, now: datetime) -> Counter[str]:
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident_id)
        if not is_due(kind, facts_of(incident), periods(), now):
            # A hold was set, or the incident opened again, since it was looked up.
            return Counter()
        return erase_incident(incident=incident, kind=kind, now=now)


def erase_incident(
    *, incident: Incident, kind: Class, now: datetime, staff: Staff | None = None
) -> Counter[str]:
    """What this class holds of the incident is erased, once; incident, timeline and
    what accounting needs stay. Whoever calls has locked the incident and asked the
    rule. Counts per table."""
    _erasure, first = Erasure.objects.get_or_create(
        incident=incident, kind=kind.value, defaults={"at": now, "staff": staff}
    )
    if not first:
        return Counter()
    done = Counter({f"incidents_{kind}": 1})
    for model, kept in tables():
        if kind in kept.fields and kept.through:
            done[model.__name__] += erase_rows(
                rows_of(model, kept, kind, [incident]), kept, kind
            )
    enter(incident, "data_erased", now=now, staff=staff, kind=kind.value)
    return done


def erase_rows(rows: "QuerySet[Model]", kept: Kept, kind: Class) -> int:
    """What the class holds in these rows is gone: the columns are empty, or the rows
    with their files are deleted. Answers how many rows."""
    if not kept.goes:
        return rows.update(
            **{name: _nothing(rows.model, name) for name in kept.fields[kind]}
        )
    _delete_files_of(rows)
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _nothing(model: type[Model], name: str) -> Any:
    return {} if isinstance(model._meta.get_field(name), JSONField) else ""


def _delete_files_of(rows: "QuerySet[Model]") -> None:
    """The files go after the rows have gone for good."""
    for field in rows.model._meta.local_concrete_fields:
        if isinstance(field, FileField):
            for name in rows.values_list(field.name, flat=True):
                transaction.on_commit(partial(field.storage.delete, name))
