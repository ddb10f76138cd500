"""What the engine refuses, and why."""


class EngineError(Exception):
    """A refusal: ``code`` is stable and for programs, ``message`` is a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.message} ({self.code})"
