"""Accounting's pages: parse, call one action, answer."""
