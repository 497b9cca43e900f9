"""Where servers are found in other systems, as administrators set it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.refusal import Refused
from emergency.models import LinkTemplate, Staff
from emergency.rules.link_template import trouble


def publish_links(
    *,
    templates: Mapping[str, str],
    based_on: Mapping[str, int | None],
    staff: Staff,
    now: datetime,
) -> list[LinkTemplate]:
    """Each changed kind has a new version; the earlier ones stay. An empty template
    means that there is no such link any more.

    ``based_on`` are the versions that were read before. Raises Refused with the kind as
    field, or ``profile_changed`` when somebody has published another one since.
    """
    for kind, template in templates.items():
        if code := trouble(template):
            raise Refused(code, field=kind)
    written = []
    with transaction.atomic():
        LinkTemplate.objects.lock()
        newest = {row.kind: row for row in LinkTemplate.objects.in_force(now)}
        for kind, template in templates.items():
            known = newest.get(kind)
            if (known.pk if known else None) != based_on[kind]:
                raise Refused("profile_changed")
            if template == (known.template if known else ""):
                continue
            row = LinkTemplate.objects.create(
                kind=kind, template=template, valid_from=now, staff=staff
            )
            record(
                Area.ACCOUNT,
                "link_changed",
                now=now,
                by=staff,
                about=f"link:{kind}",
                version=row.pk,
            )
            written.append(row)
    return written
