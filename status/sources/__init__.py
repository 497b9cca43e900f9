"""The readers of status pages: one file per product, one table of kinds."""
