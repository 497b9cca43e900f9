"""Reading a JSON object field by field; every refusal names the path of its field."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from billing.rules.work import Refused

Choice = TypeVar("Choice", bound=StrEnum)
Item = TypeVar("Item")

_MONEY = re.compile(r"\d{1,10}(\.\d{1,2})?", re.ASCII)
PLAUSIBLE_YEARS = range(1970, 3000)
# Minutes of almost two years; what is counted here never comes near it.
LARGEST_WHOLE = 1_000_000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Fields:
    """A JSON object and where it stands in its document."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, Mapping):
            raise Refused(path or "case", "must be an object")
        self._values: Mapping[str, Any] = value
        self._path = path

    def at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def raw(self, name: str) -> Any:
        return self._values.get(name)

    def required(self, name: str) -> Any:
        value = self._values.get(name)
        if value is None:
            raise Refused(self.at(name), "is missing")
        return value

    def text(self, name: str) -> str:
        value = self.required(name)
        if not isinstance(value, str) or not value.strip():
            raise Refused(self.at(name), "must be a text")
        return value.strip()

    def flag(self, name: str, default: bool | None = None) -> bool:
        if default is not None and not self.has(name):
            return default
        value = self.required(name)
        if not isinstance(value, bool):
            raise Refused(self.at(name), "must be true or false")
        return value

    def whole(self, name: str, *, least: int) -> int:
        value = self.required(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused(self.at(name), "must be a whole number")
        if value < least:
            raise Refused(self.at(name), f"must be at least {least}")
        if value > LARGEST_WHOLE:
            raise Refused(self.at(name), f"must be at most {LARGEST_WHOLE}")
        return value

    def amount(self, name: str) -> Decimal:
        """An amount or a rate: not negative, at most two places."""
        value = self.required(name)
        if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
            raise Refused(self.at(name), "must be a decimal number")
        if not _MONEY.fullmatch(str(value)):
            raise Refused(
                self.at(name), f"is {value!s}: must be like 200.00, at most two places"
            )
        return Decimal(str(value)).quantize(Decimal("0.01"))

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        value = self.required(name)
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(kind)
            raise Refused(
                self.at(name), f"is {value!r}: must be one of {known}"
            ) from None

    def instant(self, name: str) -> datetime:
        return read_instant(self.required(name), self.at(name))

    def optional_instant(self, name: str) -> datetime | None:
        return self.instant(name) if self.has(name) else None

    def day_or_instant(self, name: str, zone: ZoneInfo) -> datetime:
        """An instant; a bare date is its first moment in the zone."""
        value = self.required(name)
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                day = date.fromisoformat(value)
            except ValueError:
                raise Refused(self.at(name), f"is {value!r}: no such day") from None
            if day.year not in PLAUSIBLE_YEARS:
                raise Refused(self.at(name), f"is {value!r}: no plausible year")
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            return midnight.astimezone(UTC)
        return read_instant(value, self.at(name))

    def each(self, name: str, read: Callable[[object, str], Item]) -> list[Item]:
        """Every item of a list, read with its own path; an absent list is empty."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Refused(self.at(name), "must be a list")
        return [read(item, f"{self.at(name)}[{i}]") for i, item in enumerate(value)]


def read_instant(value: object, path: str) -> datetime:
    """An aware instant from ISO 8601. Raises Refused when it has no offset."""
    if not isinstance(value, str):
        raise Refused(path, "must be an ISO 8601 instant with offset")
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise Refused(path, f"is {value!r}: no ISO 8601 instant") from None
    if instant.utcoffset() is None:
        raise Refused(path, f"is {value!r}: has no UTC offset")
    if instant.year not in PLAUSIBLE_YEARS:
        raise Refused(path, f"is {value!r}: no plausible year")
    return instant.astimezone(UTC)
