"""A call of a method that a participant serves, as the server makes it: LiveKit's RPC over data packets, version 1."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from google.protobuf.message import DecodeError
from livekit.protocol import models

MAX_PAYLOAD = 15_360


class Failure(IntEnum):
    """Why there is no answer, where the participant itself doesn't say."""

    CONNECTION_TIMEOUT = 1501
    RESPONSE_TIMEOUT = 1502
    RECIPIENT_DISCONNECTED = 1503
    REQUEST_PAYLOAD_TOO_LARGE = 1402


SENTENCES = {
    Failure.CONNECTION_TIMEOUT: "Connection timeout",
    Failure.RESPONSE_TIMEOUT: "Response timeout",
    Failure.RECIPIENT_DISCONNECTED: "Recipient disconnected",
    Failure.REQUEST_PAYLOAD_TOO_LARGE: "Request payload too large",
}


@dataclass(frozen=True, slots=True)
class Acknowledged:
    id: str


@dataclass(frozen=True, slots=True)
class Answered:
    id: str
    payload: str


@dataclass(frozen=True, slots=True)
class Failed:
    id: str
    code: int
    message: str
    data: str = ""


Reply = Acknowledged | Answered | Failed


def request(call_id: str, method: str, payload: str, timeout_ms: int) -> bytes:
    """`call_id` is the caller's identity as well: by that the answer finds back."""
    asked = models.RpcRequest(
        id=call_id, method=method, payload=payload, response_timeout_ms=timeout_ms, version=1
    )
    packet = models.DataPacket(
        kind=models.DataPacket.Kind.RELIABLE, participant_identity=call_id, rpc_request=asked
    )
    return bytes(packet.SerializeToString())


def read(packet: bytes) -> Reply | None:
    """None: it is no answer to a call."""
    try:
        said = models.DataPacket.FromString(packet)
    except DecodeError:
        return None
    match said.WhichOneof("value"):
        case "rpc_ack":
            return Acknowledged(said.rpc_ack.request_id)
        case "rpc_response":
            answer = said.rpc_response
            if answer.WhichOneof("value") == "error":
                error = answer.error
                return Failed(answer.request_id, error.code, error.message, error.data)
            return Answered(answer.request_id, answer.payload)
    return None
