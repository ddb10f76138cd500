"""Trouble on request: the test hooks that LiveKit's SDKs have. Law: it befalls the one who asks for it, and nobody else."""

from __future__ import annotations

from contextlib import suppress

from folkmoot.engine import EngineError
from folkmoot.protocol import responses
from folkmoot.protocol.requests import Simulate
from folkmoot.protocol.values import Action, Reason
from folkmoot.rooms import leaving
from folkmoot.rooms.model import Hangup, Now, Participant
from folkmoot.rooms.room import Room

BY_UDP, BY_TCP, BY_TLS = 0, 1, 2
"""LiveKit's CandidateProtocol. The last would be a relay, which we have none of: TCP is what of it there is."""

CUT_WITHIN_S = 5.0
"""Who asks to be cut off when it resumes does so soon; later it meant another time."""
LONGEST_SPEECH_S = 60


def simulate(room: Room, participant: Participant, request: Simulate, now: Now) -> None:
    match request.scenario:
        case "leave_request_full_reconnect":
            room.send(participant, responses.leave(Reason.UNKNOWN, Action.RECONNECT))
        case "server_leave":
            leaving.remove(room, participant, Reason.SERVER_SHUTDOWN, now)
        case "node_failure":
            leaving.remove(room, participant, Reason.SERVER_SHUTDOWN, now, action=None)
        case "migration":
            # What another node would take over is here already, so its signal moves and nothing else has to.
            _hang_up(room, participant)
        case "disconnect_signal_on_resume" | "disconnect_signal_on_resume_no_messages" as scenario:
            participant.cut_on_resume = (now.at + CUT_WITHIN_S, scenario == "disconnect_signal_on_resume")
        case "switch_candidate_protocol" if request.value in (BY_UDP, BY_TCP, BY_TLS):
            _switch_protocol(room, participant, now, by_tcp=request.value != BY_UDP)
        case "subscriber_bandwidth":
            room.engine.limit_bandwidth(participant.peer, request.value if request.value > 0 else None)
        case "speaker_update":
            room.broadcast(responses.speakers([(participant.sid, 0.9, True)]))
            lasts = max(0, min(request.value, LONGEST_SPEECH_S))
            room.timers.arm(("quiet", participant.sid), now.at + lasts)


def cut_off(room: Room, participant: Participant, now: Now, *, told: bool) -> bool:
    """Whether the signal that was just resumed is closed again, as was wished: before anything is said, or when all is."""
    if participant.cut_on_resume is None or participant.cut_on_resume[1] is not told:
        return False
    until, participant.cut_on_resume = participant.cut_on_resume[0], None
    if until <= now.at:
        return False
    _hang_up(room, participant)
    return True


def _hang_up(room: Room, participant: Participant) -> None:
    """Its socket tells the rest once it is closed: from then on it has so long to come back."""
    room.out.append(Hangup(participant.sid))
    participant.attached = False


def _switch_protocol(room: Room, participant: Participant, now: Now, *, by_tcp: bool) -> None:
    """Its SDK begins a new session behind this, which is where it counts; one that only restarts ICE is met, too."""
    room.meet_by_tcp(participant.identity, now, only=by_tcp)
    if by_tcp:
        with suppress(EngineError):
            room.engine.use_tcp(participant.peer)
