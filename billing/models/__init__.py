"""The shape of billing's rows; importing from here is importing all of them."""

from billing.models.answer import ObjectionAnswer
from billing.models.bank import BankEntry, BankFile, CsvMapping
from billing.models.batch import Batch, BatchItem
from billing.models.booking import Allocation, Booking, IncidentSettlement
from billing.models.document import (
    Document,
    DocumentFile,
    DocumentLine,
    DocumentTax,
    NumberSeries,
)
from billing.models.einvoice import EInvoice
from billing.models.export import ExportEntry, ExportPiece, ExportRun
from billing.models.export_settings import ExportSettings, ExportTaxCode
from billing.models.hold import DocumentStep, Hold
from billing.models.issuer import Issuer
from billing.models.profile import BillingProfile, Language
from billing.models.ratecard import RateCard
from billing.models.reminder import PaymentRules, Reminder
from billing.models.transmission import Transmission

__all__ = [
    "Allocation",
    "BankEntry",
    "BankFile",
    "Batch",
    "BatchItem",
    "BillingProfile",
    "Booking",
    "CsvMapping",
    "Document",
    "DocumentFile",
    "DocumentLine",
    "DocumentStep",
    "DocumentTax",
    "EInvoice",
    "ExportEntry",
    "ExportPiece",
    "ExportRun",
    "ExportSettings",
    "ExportTaxCode",
    "Hold",
    "IncidentSettlement",
    "Issuer",
    "Language",
    "NumberSeries",
    "ObjectionAnswer",
    "PaymentRules",
    "RateCard",
    "Reminder",
    "Transmission",
]
