"""Why the data can't be used."""

from __future__ import annotations


class StorageError(Exception):
    """For the one who starts the server: a stable code, and a sentence that says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def unreachable(where: str, reason: object) -> StorageError:
    first = (str(reason).strip().splitlines() or ["no answer"])[0]
    return StorageError(
        "storage.unreachable",
        f"The database {where} can't be used: {first.removesuffix('.')}. Nothing was changed. Is it running, and may this user come in?",
    )
