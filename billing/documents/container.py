"""HTML to PDF/A-3 with WeasyPrint alone; imported by the renderer's loader only.

One font configuration, one style sheet of font faces and one fetcher that fetches
nothing serve the whole process: a configuration per file costs memory for ever.
"""

import re
from collections.abc import Sequence
from threading import Lock
from typing import Any

import weasyprint
from weasyprint.document import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration

from billing.documents.factur_x import Embedded
from billing.documents.fonts import FACES

VARIANT = "pdf/a-3a"
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
XMP_END = b"</rdf:RDF>"


class Container:
    """Makes PDF/A-3a of HTML that names nothing outside itself."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._fonts = FontConfiguration()
        self._sheets: dict[str, weasyprint.CSS] = {}
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
        sheets = [self._faces, *map(self._sheet, STYLE.findall(html))]
        page = weasyprint.HTML(string=STYLE.sub("", html), url_fetcher=self._nothing)
        document = page.render(
            font_config=self._fonts, stylesheets=sheets, pdf_variant=VARIANT
        )
        document.metadata = Metadata(document.metadata, embedded)
        written: bytes = document.write_pdf(
            finisher=_name_files_once,
            pdf_variant=VARIANT,
            pdf_identifier=identifier,
            attachments=[_attachment(file) for file in embedded],
        )
        return written

    def _sheet(self, text: str) -> weasyprint.CSS:
        """What a page says in its style element. The few templates say the same on
        every page, so it is read once for the process."""
        if text not in self._sheets:
            self._sheets[text] = weasyprint.CSS(
                string=text, font_config=self._fonts, url_fetcher=self._nothing
            )
        return self._sheets[text]


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
