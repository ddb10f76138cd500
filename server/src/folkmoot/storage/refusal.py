"""Why the data can't be used."""

from __future__ import annotations


class StorageError(Exception):
    """For the one who starts the server: a stable code, and a sentence that says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message
