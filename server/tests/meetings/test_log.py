"""The log as values: what is at hand for those who resume, and what a fold starts from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from folkmoot.capabilities import FEATURES, chat
from folkmoot.kit import Refusal
from folkmoot.meetings import people
from folkmoot.meetings.feature import Entry, ParticipantId, Role
from folkmoot.meetings.log import REMEMBERED, TAIL, Log

from .house import acting
from .test_speed import history

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADA = acting("p_0", Role.GUEST)


def folded(entries: list[Entry]) -> Log:
    log = Log(FEATURES)
    log.refold([], entries, 0)
    return log


def test_whoever_missed_more_than_is_at_hand_gets_a_fresh_snapshot() -> None:
    entries = history(TAIL + 500)
    log = folded(entries)
    assert log.missed(ADA, 500, NOW) is not None
    assert log.missed(ADA, 499, NOW) is None
    assert log.missed(ADA, TAIL + 500, NOW) == []
    assert log.missed(ADA, TAIL + 501, NOW) is None, "a number from nowhere"


def test_after_a_restart_the_same_is_at_hand() -> None:
    entries = history(TAIL + 500)
    before = folded(entries[:1200])
    log = Log(FEATURES)
    log.restore(before.seq, before.dump())
    log.refold(entries[700:1200], entries[1200:], 0)
    assert log.missed(ADA, 700, NOW) == folded(entries).missed(ADA, 700, NOW)
    assert log.missed(ADA, 699, NOW) is None


def test_with_nothing_at_hand_only_who_is_up_to_date_resumes() -> None:
    before = folded(history(100))
    log = Log(FEATURES)
    log.restore(before.seq, before.dump())
    assert log.missed(ADA, 100, NOW) == [] and log.missed(ADA, 99, NOW) is None


def test_deciding_changes_nothing() -> None:
    log = folded(history(200))
    before = (log.dump(), log.seq)
    for by in (ADA, acting("p_1", Role.HOST)):
        for feature, type, payload in (
            ("chat", "send", {"text": "hello"}),
            ("meeting", "end", {}),
            ("meeting", "remove", {"participant": "p_2"}),
            ("reactions", "lower_all", {}),
        ):
            log.decide(by, feature, log.parse(feature, type, payload), NOW, "c1")
    assert (log.dump(), log.seq) == before


def test_a_command_is_known_again_also_after_many_others_and_a_snapshot() -> None:
    log = folded(history(200))
    for n in range(REMEMBERED):
        log.remember(ADA.participant, f"later {n}", 300 + n)
    again = Log(FEATURES)
    again.restore(log.seq, log.dump())
    assert again.already_done(ADA.participant, "later 0") == 300
    log.remember(ADA.participant, "one more", 999)
    assert log.already_done(ADA.participant, "later 0") is None
    assert log.already_done(ParticipantId("p_1"), "one more") is None, "ids are each person's own"


def test_a_snapshot_of_other_states_has_another_shape() -> None:
    assert Log(FEATURES).shape == Log(FEATURES).shape != Log([chat.feature]).shape


def test_two_features_of_one_name_are_found_at_the_start() -> None:
    with pytest.raises(ValueError, match="chat"):
        Log([chat.feature, chat.feature])


def test_who_becomes_host_later_does_not_see_what_hosts_saw_before() -> None:
    log = folded(history(60))
    host = acting("p_h", Role.HOST)
    for entry in said(log.decide(host, "meeting", people.Enter("Host", Role.HOST), NOW)):
        log.apply(entry)
    seen = log.seq
    mute = log.parse("meeting", "mute", {"participant": "p_1", "source": "camera"})
    for entry in said(log.decide(host, "meeting", mute, NOW)):
        log.apply(entry)
    for entry in said(log.decide(ADA, "meeting", people.Enter("Ada", Role.HOST), NOW)):
        log.apply(entry)
    promoted = log.actor(ADA.participant)
    assert promoted and promoted.role is Role.HOST
    missed = log.missed(promoted, seen, NOW)
    assert missed is not None and [e.type for e in missed] == ["role_changed"]


def said(entries: list[Entry] | Refusal) -> list[Entry]:
    assert not isinstance(entries, Refusal)
    return entries


def test_applause_pushes_nothing_out_of_the_tail() -> None:
    log = folded(history(200))
    react = log.parse("reactions", "react", {"emoji": "👍"})
    for _ in range(TAIL + 1):
        for entry in said(log.decide(ADA, "reactions", react, NOW)):
            log.apply(entry)
    missed = log.missed(ADA, 100, NOW)
    assert missed is not None
    durable = [e.seq for e in missed if e.durable]
    assert durable == [e.seq for e in history(200) if e.seq > 100 and e.visible_to(ADA.participant, ADA.role)]


def test_a_newcomer_cannot_ask_for_the_past() -> None:
    log = folded(history(200))
    late = acting("p_late", Role.GUEST)
    for entry in said(log.decide(late, "meeting", people.Enter("Late", Role.GUEST), NOW)):
        log.apply(entry)
    assert log.missed(late, 1, NOW) is None and log.missed(late, log.seq, NOW) == []


def test_what_all_get_alike_is_written_once_and_what_is_private_is_not() -> None:
    log = folded(history(200))
    plain = Log(FEATURES)
    for entry in history(60)[:51]:
        plain.apply(entry)
    actors = [acting(f"p_{n}", Role.GUEST) for n in range(2)]
    assert plain.snapshot(actors[0]) == plain.snapshot(actors[1])
    assert "between us" in log.snapshot(acting("p_3", Role.GUEST))
    stranger = acting("p_nobody", Role.GUEST)
    assert "between us" not in log.snapshot(stranger)
