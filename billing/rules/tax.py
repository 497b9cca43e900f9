"""Which tax an Austrian provider shows to whom.

Source: UStG 1994 § 3a Abs 6 and 7 (place of supply), § 11 Abs 1 and 1a (contents of an
invoice, reverse charge); readings A21 and A22. Categories are those of EN 16931.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing.rules.rounding import ZERO, vat_on

HOME_COUNTRY = "AT"
# Above this gross amount a domestic invoice to a business names its VAT id.
VAT_ID_LIMIT = Decimal("10000.00")

_EU = """
AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
"""
_OTHERS = """
AD AE AF AG AI AL AM AO AQ AR AS AU AW AX AZ BA BB BD BF BH BI BJ BL BM BN BO BQ
BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX DJ DM DO
DZ EC EG EH ER ET FJ FK FM FO GA GB GD GE GF GG GH GI GL GM GN GP GQ GS GT GU GW
GY HK HM HN HT ID IL IM IN IO IQ IR IS JE JM JO JP KE KG KH KI KM KN KP KR KW KY
KZ LA LB LC LI LK LR LS LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MU MV
MW MX MY MZ NA NC NE NF NG NI NP NR NU NZ OM PA PE PF PG PH PK PM PN PR PS PW PY
QA RE RS RU RW SA SB SC SD SG SH SJ SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS
XK YE YT ZA ZM ZW
"""
EU_COUNTRIES = frozenset(_EU.split())
COUNTRIES = EU_COUNTRIES | frozenset(_OTHERS.split())
# Codes in daily use that are not the ISO ones.
COUNTRY_ALIASES = {"EL": "GR", "UK": "GB"}


class Category(StrEnum):
    STANDARD = "S"
    REVERSE_CHARGE = "AE"
    OUTSIDE_SCOPE = "O"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """What decides the tax about the account that is invoiced.

    ``country`` is an ISO 3166 code of two letters; ``vat_id_valid`` is the answer of
    the authority at the time of issue.
    """

    country: str
    business: bool
    vat_id: str | None
    vat_id_valid: bool


@dataclass(frozen=True)
class Treatment:
    """A category, its rate in percent (None: no rate exists) and the words it needs."""

    category: Category
    rate: Decimal | None
    required_text: str | None = None


@dataclass(frozen=True, kw_only=True)
class TaxAmount:
    """The tax on one base; one per category and rate of a document."""

    treatment: Treatment
    base: Decimal
    amount: Decimal


def treatment_of(recipient: Recipient, *, issuer_rate: Decimal) -> Treatment:
    """How a service to this recipient is taxed.

    Reverse charge needs a business elsewhere in the EU with a valid VAT id; a business
    outside the EU is not taxable here; everybody else pays the issuer's rate.
    """
    if recipient.business and recipient.country not in EU_COUNTRIES:
        return Treatment(Category.OUTSIDE_SCOPE, None, "not_taxable_in_austria")
    if (
        recipient.business
        and recipient.country != HOME_COUNTRY
        and recipient.vat_id
        and recipient.vat_id_valid
    ):
        return Treatment(Category.REVERSE_CHARGE, ZERO, "reverse_charge")
    return Treatment(Category.STANDARD, issuer_rate)


def vat_id_in_doubt(recipient: Recipient) -> bool:
    """A person must look before issue: the VAT id does not carry what rests on it.

    Elsewhere in the EU a business without a valid id is taxed like a consumer; at home
    an id that is known to be wrong must not be printed.
    """
    if not recipient.business or recipient.country not in EU_COUNTRIES:
        return False
    if recipient.country == HOME_COUNTRY:
        return bool(recipient.vat_id) and not recipient.vat_id_valid
    return not (recipient.vat_id and recipient.vat_id_valid)


def vat_id_missing(recipient: Recipient, *, gross: Decimal, taxed: bool) -> bool:
    """The law forbids this document until the recipient's VAT id is known (A22)."""
    return (
        taxed and recipient.business and not recipient.vat_id and gross > VAT_ID_LIMIT
    )


def tax_once_per_rate(
    amounts: Iterable[tuple[Decimal, Treatment]],
) -> tuple[TaxAmount, ...]:
    """The tax on the sum of each category and rate, in order of first appearance."""
    bases: dict[Treatment, Decimal] = {}
    for net, treatment in amounts:
        bases[treatment] = bases.get(treatment, ZERO) + net
    return tuple(
        TaxAmount(
            treatment=treatment,
            base=base,
            amount=ZERO if treatment.rate is None else vat_on(base, treatment.rate),
        )
        for treatment, base in bases.items()
    )
