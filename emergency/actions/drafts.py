"""The form on its way to the order: kept, so that nothing typed is lost."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from emergency.actions.addition import record_file
from emergency.actions.files import MEGABYTE, Judged, check_room, judge
from emergency.actions.refusal import Refused
from emergency.models import Draft, DraftFile, Report
from emergency.operator_facts import limit_in_force

# The files of so many reports may wait from one network address.
REPORTS_WORTH = 3


def keep(
    *,
    order_key: str,
    continues: int | None,
    cookie_hash: str,
    network_address: str,
    typed: Mapping[str, str],
    now: datetime,
) -> Draft | None:
    """What was typed is kept under this order key. ``continues`` is the draft that the
    form was filled from: it goes on as this one.

    None, and nothing is kept, for an order that was placed already, and for more
    drafts from one network address than anybody needs.
    """
    values = {
        "cookie_hash": cookie_hash,
        "network_address": network_address,
        "typed": dict(typed),
        "updated_at": now,
    }
    with transaction.atomic():
        known = Draft.objects.select_for_update()
        draft = known.filter(order_key=order_key).first()
        if draft is None and continues is not None:
            draft = known.filter(pk=continues, cookie_hash=cookie_hash).first()
        if draft is None:
            if _is_ordered(order_key) or _too_many(network_address, now):
                return None
            return Draft.objects.create(order_key=order_key, **values)
        for name, value in {**values, "order_key": order_key}.items():
            setattr(draft, name, value)
        draft.save()
    return draft


def add_file(*, draft: Draft, name: str, content: bytes, now: datetime) -> DraftFile:
    """The file waits with the draft; the same content again is the same file. Raises
    Refused as ``files.judge`` and ``files.check_room`` do, and ``files_later`` where
    one network address has left more files waiting than anybody needs."""
    judged = judge(name, content)
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=draft.pk)
        files = draft.files.defer("content")
        known = files.filter(digest=judged.digest).first()
        if known is not None:
            return known
        check_room(list(files.values_list("size", flat=True)), len(content))
        _check_address(draft.network_address, len(content), now)
        return DraftFile.objects.create(
            draft=draft,
            at=now,
            name=judged.name,
            content_type=judged.content_type,
            size=len(content),
            digest=judged.digest,
            content=content,
        )


def remove_files(*, draft: Draft, ids: Collection[int]) -> None:
    """These files of the draft are gone; those of others are left alone."""
    if ids:
        draft.files.filter(pk__in=ids).delete()


def hand_over(*, order_key: str, now: datetime) -> int:
    """The draft of a placed order is gone, and its files stand with the report. Answers
    how many; again it changes nothing."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(order_key=order_key).first()
        if draft is None:
            return 0
        report = Report.objects.select_related("incident").get(order_key=order_key)
        there = set(report.added_files.values_list("digest", flat=True))
        files = list(draft.files.exclude(digest__in=there))
        for file in files:
            judged = Judged(
                name=file.name,
                content_type=file.content_type,
                digest=file.digest,
                content=bytes(file.content),
            )
            record_file(report=report, judged=judged, now=now)
        draft.delete()
    return len(files)


def discard(*, cookie_hash: str) -> int:
    """Nothing that this browser typed and did not order is kept any more."""
    return Draft.objects.filter(cookie_hash=cookie_hash).delete()[0]


def _check_address(network_address: str, more: int, now: datetime) -> None:
    """Nothing has been ordered yet, and the house must not be filled from outside."""
    lately = DraftFile.objects.filter(
        draft__network_address=network_address,
        at__gt=now - limit_in_force("drafts-address").within,
    )
    waiting = lately.aggregate(sizes=Sum("size"))["sizes"] or 0
    if waiting + more > REPORTS_WORTH * settings.ATTACHMENTS_MEGABYTES * MEGABYTE:
        raise Refused("files_later", field="file")


def _is_ordered(order_key: str) -> bool:
    return Report.objects.filter(order_key=order_key).exists()


def _too_many(network_address: str, now: datetime) -> bool:
    ordinary = limit_in_force("drafts-address")
    recent = Draft.objects.filter(
        network_address=network_address, updated_at__gt=now - ordinary.within
    )
    return recent.count() >= ordinary.most
