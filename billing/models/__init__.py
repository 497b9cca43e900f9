"""The shape of billing's rows; importing from here is importing all of them."""

from billing.models.answer import ObjectionAnswer
from billing.models.batch import Batch, BatchItem
from billing.models.document import (
    Document,
    DocumentFile,
    DocumentLine,
    DocumentTax,
    NumberSeries,
)
from billing.models.einvoice import EInvoice
from billing.models.hold import DocumentStep, Hold
from billing.models.issuer import Issuer
from billing.models.profile import BillingProfile, Language
from billing.models.ratecard import RateCard
from billing.models.transmission import Transmission

__all__ = [
    "Batch",
    "BatchItem",
    "BillingProfile",
    "Document",
    "DocumentFile",
    "DocumentLine",
    "DocumentStep",
    "DocumentTax",
    "EInvoice",
    "Hold",
    "Issuer",
    "Language",
    "NumberSeries",
    "ObjectionAnswer",
    "RateCard",
    "Transmission",
]
