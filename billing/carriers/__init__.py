"""Ways in which a document leaves: one file per kind, the provider behind it."""
