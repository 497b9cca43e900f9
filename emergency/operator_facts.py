"""Who runs this installation, as the customer's pages need to know it.

Read from the rows at most every half minute, kept in memory, with a last good copy on
disk: the pages must work while the database is away or hangs.
"""

import logging
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import Error, transaction
from django.utils import timezone

from emergency.copies import keep_copy, last_copy
from emergency.models import (
    Holiday,
    OperatorLogo,
    OperatorProfile,
    OperatorText,
    RateLimit,
)
from emergency.rules.limits import DEFAULTS, Ordinary, bounded
from emergency.rules.office_hours import HORIZON, OfficeHours
from emergency.rules.tariff import Case, ClosedDay, Reason, Tariff, tariff

logger = logging.getLogger(__name__)

KEEP_SECONDS = 30.0
# In the demo everybody sees a new name at once.
KEEP_SECONDS_IN_THE_DEMO = 1.0
# While there is no profile, or no database, ask again sooner.
RETRY_SECONDS = 5.0
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Operator:
    """The operator's facts in force. Empty texts where nothing is known.

    Office hours are on the wall clock of the operator's zone, Monday is 0; ``closed``
    holds the coming days without them. ``free_cancellation`` is in minutes,
    ``objection_days`` in days. ``logo`` is the picture's digest. ``texts`` are key,
    language and wording of the passages that are worded otherwise, ``texts_version``
    names them all. ``limits`` are key, number and minutes of the rate limits that are
    set otherwise than the product's own.
    """

    name: str = ""
    hotline: str = ""
    support_email: str = ""
    support_phone: str = ""
    support_text: str = ""
    status_page_url: str = ""
    imprint: str = ""
    privacy: str = ""
    accessibility_contact: str = ""
    sells_to: str = OperatorProfile.SellsTo.MIXED.value
    free_cancellation: int = 2
    objection_days: int = 14
    office_days: tuple[int, ...] = ()
    office_opens: str = "08:00"
    office_closes: str = "17:00"
    closed: tuple[tuple[str, ClosedDay], ...] = ()
    logo: str = ""
    texts: tuple[tuple[str, str, str], ...] = ()
    texts_version: str = ""
    limits: tuple[tuple[str, int, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; ``from_json`` gives back an equal object."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Operator":
        """What ``to_json`` gave. Raises KeyError or TypeError for anything else."""
        closed = tuple((day, ClosedDay(**facts)) for day, facts in values["closed"])
        days = tuple(values["office_days"])
        texts = tuple((key, language, text) for key, language, text in values["texts"])
        known = values.get("limits", ())
        limits = tuple((key, most, minutes) for key, most, minutes in known)
        changed = {"closed": closed, "office_days": days, "texts": texts}
        changed["limits"] = limits
        return cls(**{**values, **changed})

    def wording(self, key: str, language: str) -> str:
        """The operator's wording of this passage, empty where the product's own words
        stand."""
        return self._wordings.get((key, language), "")

    def limit(self, key: str) -> Ordinary:
        """This rate limit as it is in force. Raises KeyError for an unknown one."""
        for known, most, minutes in self.limits:
            if known == key:
                within = timedelta(minutes=minutes)
                return bounded(key, Ordinary(most=most, within=within))
        return DEFAULTS[key]

    @cached_property
    def _wordings(self) -> dict[tuple[str, str], str]:
        return {(key, language): text for key, language, text in self.texts}

    def tariff_at(self, at: datetime) -> Tariff:
        """Which tariff applies at this instant (aware), and why. Where no office hours
        are known the fee applies: it is what the price box says."""
        closed = {date.fromisoformat(day): facts for day, facts in self.closed}
        if not self.office_days:
            return Tariff(case=Case.FEE, reason=Reason.NEVER_OPEN)
        return tariff(self._hours(), closed, at)

    def _hours(self) -> OfficeHours:
        clock = datetime.strptime
        return OfficeHours(
            zone=ZoneInfo(settings.TIME_ZONE),
            days=frozenset(self.office_days),
            opens=clock(self.office_opens, "%H:%M").time(),
            closes=clock(self.office_closes, "%H:%M").time(),
        )


@dataclass
class Kept:
    """The last answer of the database, and how long it may be used."""

    operator: Operator | None = None
    until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Operator:
        """The facts in force, asked for at most every KEEP_SECONDS.

        When the database does not answer, the last good answer stays, and nobody waits
        for it again before the next turn.
        """
        if time.monotonic() >= self.until and self.lock.acquire(blocking=False):
            seconds = RETRY_SECONDS
            try:
                with _without_harm():
                    found = _read(timezone.now())
                if found and found != self.operator:
                    keep_copy(_path(), found.to_json())
                self.operator = found or Operator()
                seconds = _keep_seconds() if found else RETRY_SECONDS
            except Error as error:
                logger.warning("the operator's facts cannot be read: %s", error)
            finally:
                self.until = time.monotonic() + seconds
                self.lock.release()
        if self.operator is None:
            self.operator = _last_good()
        return self.operator

    def forget(self) -> None:
        """The next page asks the database again, and knows nothing until then."""
        self.operator, self.until = None, 0.0


def _without_harm() -> AbstractContextManager[Any]:
    """Whoever asks within a transaction goes on with it, whatever the reading
    becomes."""
    inside = transaction.get_connection().in_atomic_block
    return transaction.atomic() if inside else nullcontext()


def _keep_seconds() -> float:
    return KEEP_SECONDS_IN_THE_DEMO if settings.DEMO else KEEP_SECONDS


kept = Kept()


def current_operator() -> Operator:
    """The operator's facts in force, as far as anybody knows them now."""
    return kept.current()


def limit_in_force(key: str) -> Ordinary:
    """This rate limit: as it was set, as far as anybody knows now, else the product's
    own. A database that is away neither closes nor opens one."""
    return current_operator().limit(key)


def _path() -> Any:
    return settings.DATA_DIR / "operator.json"


def _last_good() -> Operator:
    try:
        return Operator.from_json(last_copy(_path()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Operator()


def _digest(profile: OperatorProfile) -> str:
    """Without the picture itself."""
    if profile.logo_id is None:
        return ""
    return OperatorLogo.objects.values_list("digest", flat=True).get(pk=profile.logo_id)


def _read(now: datetime) -> Operator | None:
    profile = OperatorProfile.objects.in_force(now)
    limits = _limits(now)
    if profile is None:
        return Operator(limits=limits) if limits else None
    texts = OperatorText.objects.in_force(now)
    today = timezone.localtime(now).date()
    near = Holiday.objects.filter(day__range=(today - A_DAY, today + HORIZON))
    return Operator(
        name=profile.name,
        hotline=profile.hotline,
        support_email=profile.support_email,
        support_phone=profile.support_phone,
        support_text=profile.support_text,
        status_page_url=profile.status_page_url,
        imprint=profile.imprint,
        privacy=profile.privacy,
        accessibility_contact=profile.accessibility_contact,
        sells_to=profile.sells_to,
        free_cancellation=profile.free_cancellation,
        objection_days=profile.objection_days,
        office_days=tuple(profile.office_days),
        office_opens=f"{profile.office_opens:%H:%M}",
        office_closes=f"{profile.office_closes:%H:%M}",
        closed=tuple(
            (
                holiday.day.isoformat(),
                ClosedDay(
                    name=holiday.name,
                    public=holiday.source == Holiday.Source.CALENDAR,
                    fee_time=holiday.fee_time,
                ),
            )
            for holiday in near.order_by("day")
        ),
        logo=_digest(profile),
        texts=tuple((text.key, text.language, text.text) for text in texts),
        # Each change is a new row, so the newest names them all.
        texts_version=str(max((text.pk for text in texts), default="")),
        limits=limits,
    )


def _limits(now: datetime) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (row.key, row.most, row.minutes)
        for row in RateLimit.objects.in_force(now)
        if row.most is not None and row.minutes is not None
    )
