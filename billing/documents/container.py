"""HTML to PDF/A-3 with WeasyPrint alone; imported by the renderer's loader only.

One font configuration, one style sheet of font faces and one fetcher that fetches
nothing serve the whole process: a configuration per file costs memory for ever.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import weasyprint
from weasyprint.document import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration

from billing.documents.factur_x import Embedded
from billing.documents.fonts import FACES

VARIANT = "pdf/a-3a"
XMP_END = b"</rdf:RDF>"


class Container:
    """Makes PDF/A-3a of HTML that names nothing outside itself."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._fonts = FontConfiguration()
        self._nothing = weasyprint.URLFetcher(allowed_protocols=())
        self._faces = weasyprint.CSS(
            string=font_faces(),
            font_config=self._fonts,
            url_fetcher=weasyprint.URLFetcher(allowed_protocols=("file",)),
        )

    def write(
        self, html: str, *, identifier: bytes, embedded: Sequence[Embedded] = ()
    ) -> bytes:
        """The bytes; the same arguments give the same bytes in every process."""
        # Pango's font map is one for the process and no friend of threads.
        with self._one_at_a_time:
            return self._write(html, identifier, embedded)

    def _write(
        self, html: str, identifier: bytes, embedded: Sequence[Embedded]
    ) -> bytes:
        document = weasyprint.HTML(string=html, url_fetcher=self._nothing).render(
            font_config=self._fonts, stylesheets=[self._faces], pdf_variant=VARIANT
        )
        document.metadata = Metadata(document.metadata, embedded)
        written: bytes = document.write_pdf(
            finisher=_name_files_once,
            pdf_variant=VARIANT,
            pdf_identifier=identifier,
            attachments=[_attachment(file) for file in embedded],
        )
        return written


class Metadata(DocumentMetadata):  # type: ignore[misc]
    """The page's metadata with the files' own descriptions in the one ``rdf:RDF``.

    WeasyPrint's option for further XMP writes a second one, which readers ignore.
    """

    def __init__(self, page: DocumentMetadata, embedded: Sequence[Embedded]) -> None:
        super().__init__(**vars(page))
        self._more = b"".join(file.xmp for file in embedded)

    def generate_rdf_metadata(self, *arguments: Any) -> bytes:
        rdf: bytes = super().generate_rdf_metadata(*arguments)
        head, end, tail = rdf.rpartition(XMP_END)
        return head + self._more + end + tail


def _attachment(file: Embedded) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        relationship=file.relationship,
        created=file.made_at,
        modified=file.made_at,
    )


def _name_files_once(document: Any, pdf: Any) -> None:
    """WeasyPrint lists an attachment of a PDF/A-3 twice among the associated files."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = list(dict.fromkeys(pdf.catalog["AF"]))


def font_faces() -> str:
    """The style sheet that names our fonts' files."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; '
        f"font-weight: {face.weight}; src: url({face.file.as_uri()}); }}\n"
        for face in FACES
    )
