"""Mailboxes that are read and never changed, and what a mail in them says."""
