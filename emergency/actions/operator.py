"""The operator's own facts and closing days, as staff set them."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.refusal import Refused
from emergency.models import Holiday, OperatorLogo, OperatorProfile, OperatorText, Staff
from emergency.rules.attached_file import type_of

PROFILE_FIELDS = (
    *("name", "hotline", "support_phone", "support_email", "support_text"),
    *("status_page_url", "office_days", "office_opens", "office_closes"),
    *("sells_to", "free_cancellation", "objection_days"),
    *("imprint", "privacy", "accessibility_contact"),
)


LOGO_KILOBYTES = 200
LOGO_TYPES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def publish_profile(
    *,
    values: Mapping[str, Any],
    based_on: int | None,
    staff: Staff,
    now: datetime,
    logo: bytes | None = None,
    remove_logo: bool = False,
) -> OperatorProfile:
    """A new version is in force from now on; the earlier ones stay as they are, for the
    orders of their time. Nothing is written where nothing differs.

    ``based_on`` is the version that was read before it was changed. ``logo`` None
    keeps the picture that is there. Raises Refused (``profile_changed``) when somebody
    has published another one since, and for a picture that browsers cannot show.
    """
    with transaction.atomic():
        newest = (
            OperatorProfile.objects.select_for_update()
            .filter(valid_from__lte=now)
            .order_by("-valid_from", "-pk")
            .first()
        )
        if (newest.pk if newest else None) != based_on:
            raise Refused("profile_changed")
        picture = newest.logo if newest and not remove_logo else None
        if logo is not None:
            picture = _kept_logo(logo)
        same = newest and newest.logo == picture
        if newest and same and _is_said_by(newest, values, *PROFILE_FIELDS):
            return newest
        profile = OperatorProfile.objects.create(
            **{name: values[name] for name in PROFILE_FIELDS},
            logo=picture,
            valid_from=now,
            staff=staff,
        )
        changed = [n for n in PROFILE_FIELDS if not _is_said_by(newest, values, n)]
        record(
            Area.OPERATOR,
            "operator_changed",
            now=now,
            by=staff,
            about=f"operator:{profile.pk}",
            fields=[*changed, *([] if same else ["logo"])],
        )
    return profile


def _is_said_by(
    profile: OperatorProfile | None, values: Mapping[str, Any], *names: str
) -> bool:
    return profile is not None and all(
        getattr(profile, name) == values[name] for name in names
    )


def _kept_logo(content: bytes) -> OperatorLogo:
    """Drawings that can run scripts (SVG) are no logos here."""
    if len(content) > LOGO_KILOBYTES * 1024:
        raise Refused("logo_too_large", field="logo_file", kilobytes=LOGO_KILOBYTES)
    media_type = type_of(content)
    if media_type not in LOGO_TYPES:
        raise Refused("logo_kind", field="logo_file")
    logo, _made = OperatorLogo.objects.get_or_create(
        digest=sha256(content).hexdigest(),
        defaults={"content_type": media_type, "content": content},
    )
    return logo


def publish_texts(
    *,
    key: str,
    texts: Mapping[str, str],
    based_on: Mapping[str, int | None],
    staff: Staff,
    now: datetime,
) -> list[OperatorText]:
    """Each changed language of this passage has a new version; the earlier ones stay.
    An empty text brings the product's own words back.

    ``based_on`` are the versions that were read before. Raises Refused
    (``profile_changed``) when somebody has published another one since.
    """
    written = []
    with transaction.atomic():
        rows = OperatorText.objects.select_for_update().filter(key=key).order_by("pk")
        newest = {row.language: row for row in rows if row.valid_from <= now}
        for language, text in texts.items():
            known = newest.get(language)
            if (known.pk if known else None) != based_on[language]:
                raise Refused("profile_changed")
            if text != (known.text if known else ""):
                written.append(
                    OperatorText.objects.create(
                        key=key,
                        language=language,
                        text=text,
                        valid_from=now,
                        staff=staff,
                    )
                )
        for text_row in written:
            record(
                Area.OPERATOR,
                "text_changed",
                now=now,
                by=staff,
                about=f"text:{key}",
                language=text_row.language,
                version=text_row.pk,
            )
    return written


def close_on(
    *, day: date, name: str, fee_time: bool, staff: Staff, now: datetime
) -> Holiday:
    """The office is closed on this day. A public holiday is one already: Refused
    (``closed_already``), as for a day that is closed."""
    with transaction.atomic():
        closing, made = Holiday.objects.get_or_create(
            day=day,
            defaults={
                "name": name,
                "fee_time": fee_time,
                "source": Holiday.Source.OPERATOR,
            },
        )
        if not made:
            raise Refused("closed_already", field="day", day=closing.name)
        _audit_day("day_closed", day, staff, now, fee_time=fee_time)
    return closing


def open_again(*, day: date, today: date, staff: Staff, now: datetime) -> bool:
    """A coming closing day of the operator's is an ordinary day again. Days that have
    passed stay as they were; a public holiday is not the operator's to open."""
    with transaction.atomic():
        removed, _rows = Holiday.objects.filter(
            day=day, day__gte=today, source=Holiday.Source.OPERATOR
        ).delete()
        if removed:
            _audit_day("day_opened", day, staff, now)
    return bool(removed)


def _audit_day(
    code: str, day: date, staff: Staff, now: datetime, **values: Any
) -> None:
    about = f"day:{day.isoformat()}"
    record(Area.OPERATOR, code, now=now, by=staff, about=about, **values)
