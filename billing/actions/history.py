"""The history of a document."""

from datetime import datetime
from typing import Any

from billing.models import Document, DocumentStep


def note(
    document: Document,
    code: DocumentStep.Code,
    *,
    now: datetime,
    staff_id: int | None = None,
    **values: Any,
) -> None:
    """The step stands in the document's history."""
    DocumentStep.objects.create(
        document=document, at=now, code=code, by_id=staff_id, values=values
    )
