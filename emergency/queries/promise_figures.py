"""How the callback promise was kept, ready to be read: by month, as drawings with their
tables, in the active language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from emergency.models import Incident
from emergency.queries.callback_report import callback_facts
from emergency.rules.calendar_days import ONE_DAY, midnight, month_of
from emergency.rules.callback_report import (
    BUCKETS,
    CAUSES,
    Month,
    Promises,
    Spread,
    every_month,
    promises,
)

MINUTE = timedelta(minutes=1)
# Missed is red; what is still open is hollow.
KEPT_STYLES = (0, 1, 4, 3)
CAUSE_STYLES = (0, 1, 2, 5, 3)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One drawing and the table that says the same. ``key`` is the id of its heading,
    ``description`` what it shows in a sentence; the last row of the table is that of
    the whole time."""

    key: str
    title: str
    note: str
    description: str
    names: tuple[str, ...]
    legend: tuple[str, ...]
    unit: str
    groups: tuple[tuple[Decimal, ...], ...]
    stacked: bool
    styles: tuple[int, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    whole: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PromiseFigures:
    """The months from that of ``first`` to that of ``last``, and all as one."""

    first: date
    last: date
    language: str
    title: str
    period: str
    lead: str
    months: tuple[Month, ...]
    whole: Promises
    charts: tuple[Chart, ...]


def promise_figures(*, first: date, last: date, language: str) -> PromiseFigures:
    """The figures of these months in the active language, which ``language`` names.
    One query."""
    zone = timezone.get_default_timezone()
    begin, end = month_of(first)[0], month_of(last)[1]
    facts = callback_facts(
        since=midnight(begin, zone), until=midnight(end + ONE_DAY, zone)
    )
    months = tuple(every_month(facts, zone, first=begin, last=end))
    whole = promises(facts)
    return PromiseFigures(
        first=begin,
        last=end,
        language=language,
        title=_("The callback promise"),
        period=_("%(first)s to %(last)s")
        % {
            "first": formats.date_format(begin, "F Y"),
            "last": formats.date_format(end, "F Y"),
        },
        lead=_lead(whole),
        months=months,
        whole=whole,
        charts=tuple(chart(months, whole) for chart in CHARTS),
    )


def _lead(whole: Promises) -> str:
    if not whole.decided:
        return _("No promise has run out in this time.")
    return _("Kept in %(kept)s of %(all)s emergencies (%(share)s).") % {
        "kept": whole.in_time,
        "all": whole.decided,
        "share": share(whole.in_time, whole.decided),
    }


def share(part: int, of: int) -> str:
    """94.7 %, or a dash where there is nothing to share."""
    if not of:
        return "–"
    number = Decimal(part * 100) / of
    text = formats.number_format(number.quantize(Decimal("0.1")), 1, use_l10n=True)
    return f"{text}\N{NO-BREAK SPACE}%"


def in_minutes(length: timedelta | None) -> str:
    """Minutes rounded up, as whoever waits counts them; a dash for none."""
    return "–" if length is None else str(-(-length // MINUTE))


def _kept(months: tuple[Month, ...], whole: Promises) -> Chart:
    def cells(one: Promises) -> tuple[str, ...]:
        counts = (one.incidents, one.met, one.attempted, one.missed, one.pending)
        return (*map(str, counts), share(one.in_time, one.decided))

    legend = (
        _("Reached in time"),
        _("Tried in time"),
        _("Missed"),
        _("Still open"),
    )
    return _chart(
        months,
        whole,
        key="kept",
        title=_("Met and missed"),
        note=_(
            "By the month of the order. Tried in time: as often as promised, on every"
            " number. What was cancelled before anybody called is left out."
        ),
        description=_(
            "%(all)s emergencies: %(met)s reached in time, %(tried)s tried in time,"
            " %(missed)s missed, %(open)s still open."
        )
        % {
            "all": whole.incidents,
            "met": whole.met,
            "tried": whole.attempted,
            "missed": whole.missed,
            "open": whole.pending,
        },
        legend=legend,
        values=lambda m: (m.met, m.attempted, m.missed, m.pending),
        styles=KEPT_STYLES,
        columns=(_("Emergencies"), *legend, _("Kept")),
        cells=cells,
    )


def _to_take(months: tuple[Month, ...], whole: Promises) -> Chart:
    return _minutes(
        months,
        whole,
        key="take",
        title=_("Minutes until somebody took it"),
        counted=_("Taken"),
        spread=lambda one: one.to_take,
    )


def _to_reach(months: tuple[Month, ...], whole: Promises) -> Chart:
    return _minutes(
        months,
        whole,
        key="reach",
        title=_("Minutes until the customer was reached"),
        counted=_("Reached"),
        spread=lambda one: one.to_reach,
    )


def _minutes(
    months: tuple[Month, ...],
    whole: Promises,
    *,
    key: str,
    title: str,
    counted: str,
    spread: Callable[[Promises], Spread],
) -> Chart:
    def cells(one: Promises) -> tuple[str, ...]:
        found = spread(one)
        return (
            str(found.count),
            *map(str, (*found.within, found.longer)),
            *map(in_minutes, (found.median, found.nine_in_ten, found.longest)),
        )

    legend = (_("Median"), _("Nine in ten"))
    found = spread(whole)
    return _chart(
        months,
        whole,
        key=key,
        title=title,
        note=_("From the order on. The columns count how many took how long."),
        description=_(
            "In the whole time the median is %(median)s minutes; nine in ten took at"
            " most %(nine)s, the longest %(longest)s."
        )
        % {
            "median": in_minutes(found.median),
            "nine": in_minutes(found.nine_in_ten),
            "longest": in_minutes(found.longest),
        },
        legend=legend,
        values=lambda m: [
            -(-(length or timedelta()) // MINUTE)
            for length in (spread(m).median, spread(m).nine_in_ten)
        ],
        columns=(counted, *bucket_names(), *legend, _("Longest")),
        cells=cells,
        stacked=False,
        unit=_("min"),
    )


def bucket_names() -> tuple[str, ...]:
    """The columns of a distribution: minutes from, to."""
    edges = (0, *BUCKETS)
    up_to = [f"{low}–{high}" for low, high in zip(edges, BUCKETS, strict=False)]
    return (*up_to, _("over %(high)s") % {"high": BUCKETS[-1]})


def _causes(months: tuple[Month, ...], whole: Promises) -> Chart:
    labels = dict(Incident.Cause.choices)
    legend = tuple(
        str(labels[cause]) if cause else _("Not named yet") for cause in CAUSES
    )
    counted = ", ".join(
        f"{name} {count}" for name, count in zip(legend, whole.causes, strict=True)
    )
    return _chart(
        months,
        whole,
        key="causes",
        title=_("Causes"),
        note=_("As the technicians named them when they resolved it."),
        description=counted,
        legend=legend,
        values=lambda m: m.causes,
        styles=CAUSE_STYLES,
        columns=legend,
        cells=lambda one: tuple(map(str, one.causes)),
    )


def _proofs(months: tuple[Month, ...], whole: Promises) -> Chart:
    legend = (_("Proven by the bridge"), _("Self-declared"))
    return _chart(
        months,
        whole,
        key="proofs",
        title=_("How reaching the customer is proven"),
        note=_("Only a call over the bridge is proven by the telephone network."),
        description=_("%(share)s of the customers reached are proven by the bridge.")
        % {"share": share(whole.proven, whole.proven + whole.declared)},
        legend=legend,
        values=lambda m: (m.proven, m.declared),
        columns=(*legend, _("Share proven")),
        cells=lambda one: (
            str(one.proven),
            str(one.declared),
            share(one.proven, one.proven + one.declared),
        ),
    )


def _chart(
    months: tuple[Month, ...],
    whole: Promises,
    *,
    key: str,
    title: str,
    note: str,
    description: str,
    legend: tuple[str, ...],
    values: Callable[[Month], Iterable[int]],
    columns: tuple[str, ...],
    cells: Callable[[Promises], tuple[str, ...]],
    stacked: bool = True,
    styles: tuple[int, ...] = (),
    unit: str = "",
) -> Chart:
    def day(one: Month) -> date:
        return date(one.year, one.month, 1)

    return Chart(
        key=key,
        title=title,
        note=note,
        description=description,
        names=tuple(formats.date_format(day(one), "m/y") for one in months),
        legend=legend,
        unit=unit,
        groups=tuple(tuple(map(Decimal, values(one))) for one in months),
        stacked=stacked,
        styles=styles,
        columns=(_("Month"), *columns),
        rows=tuple(
            (formats.date_format(day(one), "F Y"), *cells(one)) for one in months
        ),
        whole=(_("Whole time"), *cells(whole)),
    )


CHARTS = (_kept, _to_take, _to_reach, _causes, _proofs)
