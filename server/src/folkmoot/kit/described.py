"""How a route says in the API's description what a framework can't read from its types: bodies and answers that are no JSON."""

from __future__ import annotations

from typing import Any

BINARY = {"schema": {"type": "string", "format": "binary"}}
ANYTHING = "application/octet-stream"


def takes(*kinds: str) -> dict[str, Any]:
    """For `openapi_extra`: the body is of one of these media types."""
    return {"requestBody": {"required": True, "content": dict.fromkeys(kinds, BINARY)}}


def gives(kind: str) -> dict[int | str, dict[str, Any]]:
    """For `responses`, beside `response_class=Response`."""
    return {200: {"content": {kind: BINARY}}}
