"""What a pager is: it hands one page to one provider, or says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

# What the columns of an attempt hold; a provider may answer anything.
LONGEST_CODE = 40
LONGEST_ID = 64
LONGEST_WORD = 20


@dataclass(frozen=True, kw_only=True)
class PageOrder:
    """One page to send, as plain values. No personal free text is in it.

    ``deadline`` is HH:MM in the operator's zone. ``server`` is the name of a server we
    know, else empty. ``values`` are the page's own codes and numbers. ``token`` names
    the attempt in callback addresses, ``route`` the way it takes. ``answer_url`` opens
    the page that answers, for kinds that cannot carry a reply; else it is empty.
    ``valid_seconds`` bounds how long the provider may try to deliver a text.
    ``earlier_tokens`` name attempts by the same route whose outcome is not known.
    ``drill``: the incident is one, and every sentence begins by saying so.
    """

    page_id: int
    attempt_id: int
    token: str
    kind: str
    route: str
    address: str
    purpose: str
    reference: str
    server: str
    deadline: str
    owner: str
    digit: str
    code: str
    language: str
    desk_url: str
    answer_url: str
    values: Mapping[str, Any]
    started_at: datetime
    valid_seconds: int
    earlier_tokens: tuple[str, ...] = ()
    drill: bool = False


@dataclass(frozen=True, kw_only=True)
class TextOrder:
    """One text to a customer, worded already. ``way`` is sms or email.

    ``link`` is the address of the tracking page, where ``text`` holds it.
    ``in_reply_to`` is the Message-ID of a mail that this one answers by itself. A text
    has no ``code``; it is found again at a provider by its words or its token.
    """

    token: str
    way: str
    address: str
    language: str
    subject: str
    text: str
    link: str
    started_at: datetime
    valid_seconds: int
    earlier_tokens: tuple[str, ...]
    in_reply_to: str = ""
    kind: str = "message"
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The provider took the page: its id for it, and its word for the present state.

    ``final`` is True where the provider reports nothing further (e-mail).
    ``error_code`` is its reason for a failure; ``warning`` is the code of what it
    refused beside the page, as a callback address that it does not like.
    """

    provider: str
    provider_id: str
    status: str
    final: bool = False
    error_code: str = ""
    warning: str = ""


class PagerError(Exception):
    """The provider did not take the page.

    ``permanent``: this number or address will not work, do not try it again now.
    ``unknown``: the request may have been carried out; look it up before repeating it.
    ``answered``: it refused this request alone; asking it for others makes sense.
    ``code`` is stable and safe to store: no secret, no personal text.
    ``retry_after`` is how long the provider asked us to wait, where it said so.
    """

    def __init__(
        self,
        code: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        answered: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code[:LONGEST_CODE]
        self.permanent = permanent
        self.unknown = unknown
        self.answered = answered
        self.retry_after = retry_after


class Pager(Protocol):
    """One file per provider or kind implements this."""

    provider: str

    def is_configured(self) -> bool:
        """Whether the settings name this provider at all."""

    def send(self, order: Any) -> Receipt:
        """The provider has the page; one that serves SMS takes a text as well. Raises
        PagerError."""

    def find(self, order: Any, since: datetime) -> list[Receipt]:
        """What unanswered attempts since then may have left at the provider: all that
        fits this order. Raises PagerError when the provider cannot be asked."""

    def look_up(self, provider_id: str) -> Receipt | None:
        """What the provider says of this page now; None where it cannot be asked."""
