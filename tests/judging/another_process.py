"""Run as a process of its own: a pickled page comes in, the bytes of its PDF go out."""

import pickle
import sys

import django

django.setup()

from billing.documents.pdf import pdf_of  # noqa: E402 - only after the set-up

if __name__ == "__main__":
    page, xml, issued_at = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pdf_of(page, xml, issued_at=issued_at))
