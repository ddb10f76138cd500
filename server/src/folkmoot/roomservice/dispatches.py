"""Each method of AgentDispatchService. Who administers a room calls programs to it, to a meeting's too: there they are seen,
and a host can remove them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.agents import Agents
from folkmoot.protocol import agents as wire
from folkmoot.protocol import api
from folkmoot.rooms.live import Rooms
from folkmoot.roomservice.errors import TwirpError
from folkmoot.roomservice.methods import MAX_NAME, check_wanted, granted


def create(rooms: Rooms, agents: Agents, call: api.CreateDispatch) -> Any:
    if not call.room or len(call.room) > MAX_NAME:
        raise TwirpError("invalid_argument", "a room needs a name of at most 256 characters")
    check_wanted(rooms, call.wanted)
    return wire.dispatch(granted(agents.create(call.room, call.wanted)))


def delete(rooms: Rooms, agents: Agents, call: api.DeleteDispatch) -> Any:
    return wire.dispatch(granted(agents.delete(call.room, call.dispatch)))


def listed(rooms: Rooms, agents: Agents, call: api.ListDispatch) -> Any:
    return wire.dispatches(granted(agents.listed(call.room, call.dispatch)))


METHODS: dict[str, Callable[[Rooms, Agents, Any], Any]] = {
    "CreateDispatch": create,
    "DeleteDispatch": delete,
    "ListDispatch": listed,
}
