"""The database: one engine, and the migrations that bring its tables to this version.

Law: what `writing()` has left without an exception survives `kill -9` and a power cut; what it was left with one is as if it
had never begun. A slice keeps its tables (in its `tables`) and its queries (in its `store`); this package knows neither.
Deleted means overwritten, not merely forgotten.
"""

from folkmoot.storage.database import Storage, metadata, open_storage, sqlite_url
from folkmoot.storage.refusal import StorageError

__all__ = ["Storage", "StorageError", "metadata", "open_storage", "sqlite_url"]
