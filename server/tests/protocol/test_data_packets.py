"""The engine knows a data packet without the protobufs: what it knows is what the protocol says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from livekit.protocol import models

FIELDS = Path(__file__).parents[3] / "engine/sfu/src/data_packet.fields"
KINDS = {
    FieldDescriptor.TYPE_STRING: "text",
    FieldDescriptor.TYPE_BYTES: "bytes",
    FieldDescriptor.TYPE_FLOAT: "fixed32",
    FieldDescriptor.TYPE_FIXED32: "fixed32",
    FieldDescriptor.TYPE_SFIXED32: "fixed32",
    FieldDescriptor.TYPE_DOUBLE: "fixed64",
    FieldDescriptor.TYPE_FIXED64: "fixed64",
    FieldDescriptor.TYPE_SFIXED64: "fixed64",
}


def lines(message: Descriptor, path: str = "") -> Iterator[str]:
    """One line for each field, those of a message behind it."""
    for field in sorted(message.fields, key=lambda field: field.number):
        at, inner = f"{path}{field.number}", field.message_type
        if inner is None:
            yield f"{at} {KINDS.get(field.type, 'varint')}"
        elif inner.GetOptions().map_entry:
            assert [f.type for f in inner.fields] == [FieldDescriptor.TYPE_STRING] * 2, at
            yield f"{at} map"
        else:
            yield f"{at} message"
            yield from lines(inner, f"{at}.")


def test_the_engine_knows_the_fields_of_a_data_packet_as_the_protocol_has_them() -> None:
    """Where this fails, write the file anew by `lines`; the engine's own test then says what its schema lacks."""
    packet = cast(Descriptor, models.DataPacket.DESCRIPTOR)
    assert FIELDS.read_text().splitlines() == list(lines(packet))
