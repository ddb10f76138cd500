"""How answers are written between the process that computes and the one that serves."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec


def encoded(value: object) -> bytes:
    return msgspec.msgpack.encode(value, enc_hook=_written)


def decoded(body: bytes, type: Any) -> Any:
    return msgspec.msgpack.decode(body, type=type, dec_hook=_read)


def _written(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError


def _read(kind: type, value: Any) -> Any:
    if kind is Fraction:
        return Fraction(value)
    raise NotImplementedError
