"""Values that every page shows, also while the database is away."""

import logging
import threading
import time
from dataclasses import dataclass, field

from django.db import Error
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from emergency.models import OperatorProfile

logger = logging.getLogger(__name__)

KEEP_SECONDS = 30.0
# While there is no profile, or no database, ask again sooner.
RETRY_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Operator:
    """Who runs this installation. Empty texts where nothing is known."""

    name: str = ""
    hotline: str = ""
    support_email: str = ""
    status_page_url: str = ""
    imprint: str = ""


@dataclass
class _Kept:
    """The last answer of the database, and how long it may be used."""

    operator: Operator = field(default_factory=Operator)
    until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Operator:
        """The profile in force, asked for at most every KEEP_SECONDS.

        When the database does not answer, the last good answer stays, and nobody waits
        for it again before the next turn.
        """
        if time.monotonic() >= self.until and self.lock.acquire(blocking=False):
            seconds = RETRY_SECONDS
            try:
                found = _read()
                self.operator = found or Operator()
                seconds = KEEP_SECONDS if found else RETRY_SECONDS
            except Error as error:
                logger.warning("the operator profile cannot be read: %s", error)
            finally:
                self.until = time.monotonic() + seconds
                self.lock.release()
        return self.operator

    def forget(self) -> None:
        """The next page asks the database again."""
        self.until = 0.0


kept = _Kept()


def _read() -> Operator | None:
    profile = OperatorProfile.objects.in_force(timezone.now())
    if profile is None:
        return None
    return Operator(
        name=profile.name,
        hotline=profile.hotline,
        support_email=profile.support_email,
        status_page_url=profile.status_page_url,
        imprint=profile.imprint,
    )


def operator(request: HttpRequest) -> dict[str, object]:
    """``operator``, with a name in every case."""
    current = kept.current()
    return {
        "operator": current,
        "operator_name": current.name or _("Emergency support"),
    }
