"""An issued document for the operator's customer system, as one JSON body."""

import base64
import json
from typing import Any

from billing.models import Document, EInvoice

VERSION = 1


def document_key(document: Document) -> str:
    """The same for every attempt: one document is one message."""
    return f"document-{document.number}"


def document_body(document: Document) -> bytes:
    """What was issued, from its frozen columns, with its bytes and their hash; the same
    bytes however often it is asked for."""
    file = document.file
    refers_to = document.refers_to
    said: dict[str, Any] = {
        "version": VERSION,
        "kind": document.kind,
        "number": document.number,
        "refers_to": refers_to.number if refers_to else None,
        "reference": document.incident_reference,
        "references": document.references,
        "account_number": document.account_number,
        "external_account_number": document.recipient.get("external_number", ""),
        "issue_date": _day(document.issue_date),
        "due_date": _day(document.due_date),
        "supply_from": _day(document.supply_from),
        "supply_to": _day(document.supply_to),
        "currency": document.currency,
        "net": str(document.net),
        "vat": str(document.vat_total),
        "gross": str(document.gross),
        "language": document.language,
        "files": [
            _file(f"{document.number}.pdf", file.media_type, file.content, file.sha256),
            *(
                _file(form.file_name, form.media_type, form.content, form.sha256)
                for form in document.electronic_forms.exclude(
                    kind=EInvoice.Kind.FACTUR_X
                )
            ),
        ],
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _file(
    name: str, media_type: str, content: bytes | memoryview, sha256: str
) -> dict[str, str]:
    return {
        "name": name,
        "media_type": media_type,
        "sha256": sha256,
        "content_base64": base64.b64encode(bytes(content)).decode(),
    }
