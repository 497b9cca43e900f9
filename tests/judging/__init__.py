"""Judges of documents that know nothing of the code that writes them."""
