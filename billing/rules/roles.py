"""Whose work billing is. The names are those of the staff's roles."""

ACCOUNTING = frozenset({"accounting", "administrator"})
