"""What a way of sending must offer, and how it says what became of an attempt."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.core.mail.backends.base import BaseEmailBackend

from billing.models import Transmission


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What became of one attempt. ``problem`` is one word, empty when it is gone;
    ``permanent``: trying again would bring the same. ``said`` is what the other side
    answered at once."""

    problem: str = ""
    permanent: bool = False
    message_id: str = ""
    said: dict[str, Any] = field(default_factory=dict)


class Carrier(Protocol):
    """Sends one claimed attempt and never raises. Sending the same attempt twice, as
    after a crash, is one message to whoever receives it."""

    def __call__(
        self,
        transmission: Transmission,
        *,
        now: datetime,
        connection: BaseEmailBackend | None,
    ) -> Carried: ...
