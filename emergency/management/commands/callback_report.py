"""How the callback promise was kept, month by month."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from emergency.queries.callback_report import callback_report
from emergency.rules.callback_report import BUCKETS, CAUSES, Month, Spread

A_YEAR = timedelta(days=365)


class Command(BaseCommand):
    help = "Say per month how often the callback promise was met, tried for or missed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", help="first day, YYYY-MM-DD; else a year ago")
        parser.add_argument("--until", help="the day after the last; else now")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        until = _day("--until", options["until"]) or timezone.now()
        since = _day("--since", options["since"]) or until - A_YEAR
        months = callback_report(since=since, until=until)
        if options["json"]:
            self.stdout.write(json.dumps([_plain(month) for month in months]))
            return
        for month in months:
            self.stdout.write(_sentence(month))


def _day(name: str, text: str | None) -> datetime | None:
    """The midnight on the operator's clock with which the day begins."""
    if text is None:
        return None
    try:
        return timezone.make_aware(datetime.strptime(text, "%Y-%m-%d"))  # noqa: DTZ007
    except ValueError as error:
        raise CommandError(f"{name}: a day such as 2026-03-01, please") from error


def _plain(month: Month) -> dict[str, Any]:
    return {
        **asdict(month),
        "causes": {
            cause or "not_named": count
            for cause, count in zip(CAUSES, month.causes, strict=True)
        },
        "to_take": _seconds(month.to_take),
        "to_reach": _seconds(month.to_reach),
    }


def _seconds(spread: Spread) -> dict[str, Any]:
    durations = {
        "median_seconds": spread.median,
        "nine_in_ten_seconds": spread.nine_in_ten,
        "longest_seconds": spread.longest,
    }
    return {
        "count": spread.count,
        **{name: d and round(d.total_seconds()) for name, d in durations.items()},
        "within_minutes": dict(zip(map(str, BUCKETS), spread.within, strict=True)),
        "longer": spread.longer,
    }


def _sentence(month: Month) -> str:
    median = month.to_reach.median
    minutes = f"{median.total_seconds() / 60:.0f} min" if median else "–"
    return (
        f"{month.year}-{month.month:02}: {month.incidents} incidents, met {month.met},"
        f" tried in time {month.attempted}, missed {month.missed}, pending"
        f" {month.pending}; reached after {minutes} (median), proven by the network"
        f" {month.proven}, self-declared {month.declared}"
    )
