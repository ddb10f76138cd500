"""What an organisation says stands under every policy: a host may be stricter, never looser."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import Actor, Entry, May, ParticipantId, Role
from folkmoot.meetings.people.commands import SetFloor, SetPolicy
from folkmoot.meetings.people.evolving import evolve
from folkmoot.meetings.people.feature import feature
from folkmoot.meetings.people.floor import RULES, denied, read, under, written
from folkmoot.meetings.people.permissions import MEETING, able, allowed
from folkmoot.meetings.people.policy import PRESETS
from folkmoot.meetings.people.state import Person, State
from folkmoot.orgs import RULES as SAID

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOST, GUEST = ParticipantId("p_host"), ParticipantId("p_guest")
floors = st.dictionaries(st.sampled_from(sorted(SAID)), st.text(max_size=5)).flatmap(
    lambda names: st.fixed_dictionaries({name: st.sampled_from(SAID[name]) for name in names})
)


def done(state: State, command: object, by: Actor) -> State:
    events = feature.decide(state, command, by, NOW)  # type: ignore[arg-type]
    assert not isinstance(events, Refusal), events
    for seq, event in enumerate(events, 2):
        state = evolve(state, Entry(seq, NOW, "meeting", event.type, by.participant, event.payload))
    return state


def meeting() -> State:
    people = {HOST: Person(HOST, "Ada", Role.OWNER, NOW), GUEST: Person(GUEST, "Bob", Role.GUEST, NOW)}
    return State(people=people, hosted=True)


def host() -> Actor:
    return Actor(HOST, Role.OWNER, frozenset(May))


def test_every_rule_of_an_organisation_is_one_of_meetings() -> None:
    assert set(RULES) == set(SAID)


@given(floors, st.sampled_from(sorted(PRESETS)))
def test_under_a_floor_nothing_is_looser_and_twice_is_once(said: dict[str, str], preset: str) -> None:
    floor = {name: (value, "School") for name, value in said.items()}
    policy = PRESETS[preset]
    wanted = under(policy, floor)
    assert under(wanted, floor) == wanted
    assert allowed(wanted) <= allowed(policy) and allowed(wanted).isdisjoint(denied(floor))
    assert wanted == policy or wanted.preset == "custom"
    assert read(written(floor)) == floor


def test_a_rule_holds_at_once_in_a_meeting_that_runs_and_no_host_loosens_it() -> None:
    state = done(
        meeting(), SetFloor({"share": ("hosts", "Class 3"), "waiting_room": ("guests", "School")}), MEETING
    )
    assert May.SHARE not in state.policy.may and state.policy.waiting_room == "guests"
    assert state.floor["share"] == ("hosts", "Class 3"), "who decided is known"
    shown = feature.snapshot(state, host())
    assert isinstance(shown, dict) and shown["floor"] == written(state.floor), "and shown"
    state = done(state, SetPolicy(type="set_policy", preset="open"), host())
    assert May.SHARE not in state.policy.may and state.policy.waiting_room == "guests"
    state = done(state, SetPolicy.model_validate({"type": "set_policy", "waitingRoom": "everyone"}), host())
    assert state.policy.waiting_room == "everyone", "stricter they may be"


def test_what_a_rule_takes_from_all_is_given_to_nobody() -> None:
    state = done(meeting(), SetFloor({"share": ("hosts", "School")}), MEETING)
    overridden = evolve(
        state, Entry(9, NOW, "meeting", "overrides", HOST, {"participant": GUEST, "may": {"share": True}})
    )
    assert May.SHARE not in able(overridden, GUEST) and May.SHARE in able(overridden, HOST)


def test_a_rule_that_is_taken_back_loosens_nothing_by_itself() -> None:
    state = done(meeting(), SetFloor({"chat": ("off", "School")}), MEETING)
    state = done(state, SetFloor({}), MEETING)
    assert state.policy.chat == "off" and not state.floor
    state = done(state, SetPolicy(type="set_policy", chat="all"), host())
    assert state.policy.chat == "all"


def test_nobody_in_a_meeting_says_what_stands_above_it() -> None:
    assert "floor" not in json.dumps(feature.commands.json_schema()).lower()
