"""What an invoice has to say about its recipient.

Sources: UStG 1994 § 11 Abs 1 (name and address), Abs 6 (none of both up to 400 euro
gross), Abs 1a (reverse charge names the recipient whatever it comes to); § 3a Abs 6 and
7 (where a business is decides whether there is tax at all).
"""

from decimal import Decimal

from billing.rules.tax import Category

# Up to here, and including it, an invoice need not say to whom it goes.
SMALL_AMOUNT = Decimal("400.00")

ADDRESS = ("legal_name", "address", "postcode", "city", "country")
DECIDES_TAX = ("country",)


def needed_by_law(
    *, business: bool, category: Category, gross: Decimal
) -> tuple[str, ...]:
    """Names of the recipient's facts without which this invoice must not be issued.

    Where no tax is shown, the reason is the recipient: that one is always named.
    """
    if category is not Category.STANDARD or gross > SMALL_AMOUNT:
        return ADDRESS
    return needed_for_tax(business=business)


def needed_for_tax(*, business: bool) -> tuple[str, ...]:
    """What decides the tax of a document, whoever prints it: a consumer pays ours
    wherever they live."""
    return DECIDES_TAX if business else ()
