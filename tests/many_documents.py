"""Many issued documents at once, written by the database itself."""

from datetime import date

from django.db import connection, transaction

JANUARY = date(2026, 1, 1)

ROWS = """
INSERT INTO billing_document (
    kind, status, incident_reference, account_number, account_name, supply_from,
    supply_to, due_date, language, currency, net, vat_total, gross, required_text,
    blocked_by, rating_version, recipient, issuer, terms, work, created_at,
    computed_at, approved_at, issue_problem
)
SELECT 'invoice', 'approved', %(start)s || n, 'K-' || 1000 + n %% 900, 'Kunde ' || n,
    day, day, day + 14, 'de', 'EUR', 206.66, 41.33, 247.99, '',
    '[]', '1', jsonb_build_object(
        'legal_name', 'Kunde Nr. ' || n || ' Gärtnerei & Söhne GmbH',
        'vat_id', 'ATU' || 10000000 + n, 'country', 'AT'
    ), '{}', '{}', jsonb_build_object('filler', repeat('x', 1500)), day, day, day, ''
FROM generate_series(1, %(count)s) AS n,
    LATERAL (SELECT %(first)s::date + (n * 27 / %(count)s)) AS of_n (day)
"""
LINES = """
INSERT INTO billing_documentline (
    document_id, position, code, minutes, unit_price, net, worked_seconds,
    included_minutes, not_charged_seconds, details, incident_reference
)
SELECT id, position, code, minutes, 200.00, line.net, 600, 0, 0, '{}', ''
FROM billing_document, (VALUES
    (1, 'emergency_response_fee', NULL::int, 200.00),
    (2, 'support_beyond_included', 1, 3.33),
    (3, 'application_analysis', 1, 3.33)
) AS line (position, code, minutes, net)
WHERE incident_reference LIKE %(start)s || '%%'
"""
TAXES = """
INSERT INTO billing_documenttax (document_id, category, rate, base, amount)
SELECT id, 'S', 20.00, 206.66, 41.33
FROM billing_document WHERE incident_reference LIKE %(start)s || '%%'
"""
FILES = """
INSERT INTO billing_documentfile (document_id, content, sha256, media_type, created_at)
SELECT id, content, encode(sha256(content), 'hex'), 'application/pdf', created_at
FROM billing_document, LATERAL (
    SELECT convert_to('%%PDF ' || id || repeat(md5(id::text), %(size)s / 32), 'UTF8')
) AS file (content)
WHERE incident_reference LIKE %(start)s || '%%'
"""
NUMBERS = """
UPDATE billing_document SET status = 'issued', issued_at = created_at,
    issue_date = supply_to,
    number = 'RE-' || to_char(supply_to, 'YYYY-')
        || lpad(split_part(incident_reference, '-', 4), 6, '0')
WHERE incident_reference LIKE %(start)s || '%%'
"""


@transaction.atomic
def many_documents(count: int, *, first: date = JANUARY, pdf_bytes: int = 2000) -> None:
    """So many issued invoices over 247.99 gross in the month that begins at ``first``,
    with three lines and a PDF each."""
    start = f"NF-MANY-{first:%Y%m}-"
    values: dict[str, int | str | date] = {
        "count": count,
        "first": first,
        "size": pdf_bytes,
        "start": start,
    }
    with connection.cursor() as cursor:
        # A bulk of rows may take longer than a page may wait.
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in (ROWS, LINES, TAXES, FILES, NUMBERS):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE billing_document, billing_documentline")
        cursor.execute("ANALYZE billing_documenttax, billing_documentfile")
