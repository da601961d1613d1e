"""Translations: catalogs, what they may hold, and what is not translated."""
