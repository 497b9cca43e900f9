"""Reads shared by pages: `tracking` for the customer, `board` for the desk,
`wording` for facts that are put into words when read."""
