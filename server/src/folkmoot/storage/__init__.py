"""The database: one engine, and the migrations that bring its tables to this version.

Law: what `writing()` has left without an exception survives `kill -9` and a power cut; what it was left with one is as if it
had never begun. A slice keeps its tables (in its `tables`) and its queries (in its `store`); this package knows neither.
Deleted means overwritten in SQLite, not merely forgotten; PostgreSQL reuses its pages when its vacuum comes by.
"""

from folkmoot.storage.address import database_url, sqlite_url
from folkmoot.storage.database import Storage, metadata, open_storage
from folkmoot.storage.refusal import StorageError

__all__ = ["Storage", "StorageError", "database_url", "metadata", "open_storage", "sqlite_url"]
