"""What people write, who sees it, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.capabilities import chat
from folkmoot.capabilities.chat.commands import React
from folkmoot.capabilities.chat.model import KEPT, KEPT_PRIVATE, MOST_REACTING, NEWEST, Message, State, Talk
from folkmoot.capabilities.chat.showing import SHOWN_BYTES
from folkmoot.kit import Refusal
from folkmoot.meetings import StoredJournal
from folkmoot.meetings.feature import Actor, Entry, ParticipantId, Role
from folkmoot.meetings.model import Settings
from folkmoot.storage import open_storage, sqlite_url

from ..meetings.house import House, acting

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_message_reaches_everybody_and_those_who_come_later(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    seq = await ada.do("chat", "send", text="Tea at four?")
    [event] = [e for e in bo.events if e["feature"] == "chat"]
    assert (event["by"], event["payload"], event["seq"]) == (
        ada.id,
        {"id": "m1", "text": "Tea at four?"},
        seq,
    )
    cy = await house.comes("Cy")
    assert cy.snapshot["chat"] == {
        "messages": [
            {"id": "m1", "seq": seq, "at": event["at"], "by": ada.id, "name": "Ada", "text": "Tea at four?"}
        ],
        "enabled": True,
    }


async def test_a_private_message_is_for_two_also_after_a_restart_and_not_for_hosts(house: House) -> None:
    host, ada, bo = await house.comes("Host", host=True), await house.comes("Ada"), await house.comes("Bo")
    await ada.do("chat", "send", text="between us", to=bo.id)
    assert [len(p.heard("sent")) for p in (host, ada, bo)] == [0, 1, 1]
    await house.restart()
    for page in (host, ada, bo):
        page.seen = None
        await page.connect()
    house.settle()
    seen = [[m["text"] for m in p.snapshot["chat"]["messages"]] for p in (host, ada, bo)]
    assert seen == [[], ["between us"], ["between us"]]
    assert bo.snapshot["chat"]["messages"][0]["to"] == bo.id
    assert await host.do("chat", "delete", id="m1") == "chat.unknown_message"


async def test_a_name_stays_on_what_was_written_under_it(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    await ada.do("chat", "send", text="as Ada")
    await ada.do("meeting", "rename", name="Augusta")
    await ada.do("chat", "send", text="as Augusta")
    await ada.do("meeting", "leave")
    bo.seen = None
    await bo.connect()
    house.settle()
    assert [m["name"] for m in bo.snapshot["chat"]["messages"]] == ["Ada", "Augusta"]


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "'; DROP TABLE meetings; --",
        "a\n\tb",
        "\u202edrow",
        "👩‍👩‍👧‍👦",
        "[x](javascript:alert(1))",
    ],
)
async def test_text_is_kept_as_it_was_written(house: House, text: str) -> None:
    ada = await house.comes("Ada")
    await ada.do("chat", "send", text=text)
    assert ada.heard("sent")[0]["text"] == text


async def test_what_is_no_text_is_dropped_from_it(house: House) -> None:
    ada = await house.comes("Ada")
    await ada.do("chat", "send", text="a\0b\x1bc\x7f")
    assert ada.heard("sent")[0]["text"] == "abc"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "chat.empty"),
        (" \n ", "chat.empty"),
        ("\0", "chat.empty"),
        ("x" * 4001, "meeting.too_large"),
        ("ü" * 8193, "meeting.too_large"),
        ("x" * 20_000, "meeting.too_large"),
    ],
)
async def test_nothing_and_too_much_are_refused(house: House, text: str, code: str) -> None:
    ada = await house.comes("Ada")
    assert await ada.do("chat", "send", text=text) == code
    assert not ada.heard("sent")


@pytest.mark.parametrize("text", ["x" * 4000, "界" * 4000, "👍🏽" * 2000])
async def test_four_thousand_characters_fit(house: House, text: str) -> None:
    ada = await house.comes("Ada")
    assert isinstance(await ada.do("chat", "send", text=text), int)


async def test_only_those_who_are_here_can_be_written_to(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    await bo.do("meeting", "leave")
    for nobody in (bo.id, "p_nobody"):
        assert await ada.do("chat", "send", text="hello?", to=nobody) == "meeting.unknown_participant"


async def test_one_deletes_ones_own_and_a_host_everybodys(house: House) -> None:
    host, ada, bo = await house.comes("Host", host=True), await house.comes("Ada"), await house.comes("Bo")
    for n in range(2):
        await ada.do("chat", "send", text=f"{n}")
    assert await bo.do("chat", "delete", id="m1") == "meeting.not_host"
    assert isinstance(await ada.do("chat", "delete", id="m1"), int)
    assert isinstance(await host.do("chat", "delete", id="m2"), int)
    assert await ada.do("chat", "delete", id="m2") == "chat.unknown_message"
    assert bo.heard("deleted") == [{"id": "m1"}, {"id": "m2"}]
    late = await house.comes("Late")
    assert late.snapshot["chat"]["messages"] == []


def test_one_talkative_pair_pushes_nobody_elses_words_out() -> None:
    state = State()
    ada, bo, cy = (ParticipantId(n) for n in ("ada", "bo", "cy"))

    def sent(seq: int, by: ParticipantId, to: ParticipantId | None) -> Entry:
        payload = {"id": f"m{seq}", "text": "x"} | ({"to": to} if to else {})
        return Entry(seq, NOW, "chat", "sent", by, payload)

    state = chat.feature.evolve(state, sent(1, cy, None))
    state = chat.feature.evolve(state, sent(2, cy, ada))
    for seq in range(3, KEPT + 203):
        state = chat.feature.evolve(state, sent(seq, ada, bo))
    shown = chat.feature.snapshot(state, Actor(cy, Role.GUEST))
    assert isinstance(shown, dict) and isinstance(shown["messages"], list)
    assert [m["id"] for m in shown["messages"] if isinstance(m, dict)] == ["m1", "m2"]
    for n in range(KEPT_PRIVATE // KEPT + 2):
        for seq in range(KEPT):
            state = chat.feature.evolve(state, sent(seq, ParticipantId(f"p{n}"), bo))
    assert sum(map(len, state.private.values())) == state.kept_private <= KEPT_PRIVATE
    assert any(m.by == cy for m in state.private["ada cy"])


@given(st.integers(0, KEPT + 40), st.lists(st.integers(0, KEPT + 80), max_size=80, unique=True))
def test_a_talk_is_in_the_order_it_was_first_written_and_keeps_the_newest(
    before: int, late: list[int]
) -> None:
    talk, seqs = Talk(), list[int]()
    for seq in [*range(1, 2 * before, 2), *(2 * n for n in late)]:
        talk = talk.followed_by(Message(f"m{seq}", seq, NOW, ParticipantId("ada"), "Ada", "x"))
        seqs.append(seq)
    kept = [message.seq for message in talk]
    assert kept == sorted(seqs)[len(seqs) - len(kept) :]
    assert min(KEPT, len(seqs)) <= len(kept) < KEPT + NEWEST
    assert talk.changed("nobody's", lambda _: None) is talk
    if kept:
        assert [m.seq for m in talk.changed(f"m{kept[-1]}", lambda _: None)] == kept[:-1]


def test_a_snapshot_has_the_latest_and_stays_small() -> None:
    state = State()
    for seq in range(1, 200):
        entry = Entry(seq, NOW, "chat", "sent", ParticipantId("ada"), {"id": f"m{seq}", "text": "x" * 16_000})
        state = chat.feature.evolve(state, entry)
    shown = chat.feature.snapshot(replace(state), Actor(ParticipantId("bo"), Role.GUEST))
    assert isinstance(shown, dict) and isinstance(shown["messages"], list)
    ids = [m["id"] for m in shown["messages"] if isinstance(m, dict)]
    assert ids[-1] == "m199" and len(ids) == SHOWN_BYTES // 16_200


async def test_what_is_deleted_is_gone_from_the_disk_and_its_place_stays(tmp_path: Path) -> None:
    storage = await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    house = House(StoredJournal(storage), Settings(snapshot_every=2))
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    secret = "a-word-that-was-a-mistake"
    seq = await ada.do("chat", "send", text=secret)
    for n in range(5):
        await bo.do("chat", "send", text=f"between {n}")
    assert holds(tmp_path, secret), "the search would find it"
    await ada.do("chat", "delete", id="m1")
    await house.passes(31)
    assert not holds(tmp_path, secret)
    bo.cut()
    bo.seen = seq - 1
    await bo.connect()
    house.settle()
    assert secret not in str(bo.events[-8:]), "nor is it replayed"
    await house.restart()
    bo.seen = None
    await bo.connect()
    house.settle()
    assert [m["id"] for m in bo.snapshot["chat"]["messages"]] == [f"m{n}" for n in range(2, 7)]
    assert await bo.do("chat", "send", text="after") > seq
    assert bo.heard("sent")[-1]["id"] == "m7", "names aren't given twice"
    await storage.close()


async def test_an_answer_names_what_it_answers_and_never_shows_it_to_others(house: House) -> None:
    ada, bo, cy = await house.comes("Ada"), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("chat", "send", text="Tea at four?")
    await bo.do("chat", "send", text="Yes", reply_to="m1")
    await bo.do("chat", "send", text="just us?", to=ada.id, reply_to="m1")
    assert [said.get("reply_to") for said in cy.heard("sent")] == [None, "m1"]
    assert await ada.do("chat", "send", text="no", reply_to="m3") == "chat.unknown_message"
    assert await ada.do("chat", "send", text="no", to=cy.id, reply_to="m3") == "chat.unknown_message"
    assert await cy.do("chat", "send", text="?", reply_to="m3") == "chat.unknown_message"
    assert await cy.do("chat", "send", text="?", reply_to="m99") == "chat.unknown_message"
    assert isinstance(await ada.do("chat", "send", text="fine", to=bo.id, reply_to="m3"), int)
    late = await house.comes("Late")
    assert [m.get("reply_to") for m in late.snapshot["chat"]["messages"]] == [None, "m1"]


async def test_ones_own_words_can_be_written_anew_in_their_place(house: House) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    seq = await ada.do("chat", "send", text="Tea at for?")
    await host.do("chat", "send", text="When?")
    assert await host.do("chat", "edit", id="m1", text="Never") == "chat.not_yours"
    assert await ada.do("chat", "edit", id="m1", text=" ") == "chat.empty"
    assert await ada.do("chat", "edit", id="m1", text="x" * 4001) == "meeting.too_large"
    assert await ada.do("chat", "edit", id="m9", text="x") == "chat.unknown_message"
    assert isinstance(await ada.do("chat", "edit", id="m1", text="Tea at four?"), int)
    [edited] = host.heard("edited")
    assert (edited["text"], edited["seq"], edited["name"]) == ("Tea at four?", seq, "Ada")
    late = await house.comes("Late")
    first, second = late.snapshot["chat"]["messages"]
    assert (first["id"], first["seq"], first["text"]) == ("m1", seq, "Tea at four?")
    assert first["edited"] and "edited" not in second


async def test_a_private_word_written_anew_stays_private(house: House) -> None:
    host, ada, bo = await house.comes("Host", host=True), await house.comes("Ada"), await house.comes("Bo")
    await ada.do("chat", "send", text="between us", to=bo.id)
    await ada.do("chat", "edit", id="m1", text="between the two of us")
    assert [len(page.heard("edited")) for page in (host, ada, bo)] == [0, 1, 1]
    assert await host.do("chat", "edit", id="m1", text="x") == "chat.unknown_message"
    assert await host.do("chat", "react", id="m1", emoji="👍") == "chat.unknown_message"
    await bo.do("chat", "react", id="m1", emoji="👍")
    assert [len(page.heard("reacted")) for page in (host, ada, bo)] == [0, 1, 1]


async def test_who_may_no_longer_write_may_not_write_anew(house: House) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    await ada.do("chat", "send", text="before")
    await host.do("meeting", "set_policy", chat="off")
    assert await ada.do("chat", "edit", id="m1", text="after") == "meeting.not_allowed"
    assert isinstance(await ada.do("chat", "delete", id="m1"), int), "to take back is always allowed"


async def test_a_person_has_one_reaction_to_a_message(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    await ada.do("chat", "send", text="Tea?")
    await ada.do("chat", "react", id="m1", emoji="🎉")
    for emoji in ("👍", "👍", "❤️"):
        await bo.do("chat", "react", id="m1", emoji=emoji)
    assert ada.heard("reacted") == [{"id": "m1", "emoji": emoji} for emoji in ("🎉", "👍", "❤️")]
    late = await house.comes("Late")
    assert late.snapshot["chat"]["messages"][0]["reactions"] == {ada.id: "🎉", bo.id: "❤️"}
    await ada.do("chat", "edit", id="m1", text="Tea at four?")
    await bo.do("chat", "react", id="m1", emoji=None)
    late.seen = None
    await late.connect()
    house.settle()
    assert late.snapshot["chat"]["messages"][0]["reactions"] == {ada.id: "🎉"}
    assert await bo.do("chat", "react", id="m9", emoji="👍") == "chat.unknown_message"


def test_a_crowd_that_reacts_is_bounded() -> None:
    state, by = State(), ParticipantId("ada")
    said = Entry(1, NOW, "chat", "sent", by, {"id": "m1", "text": "x"})
    state = chat.feature.evolve(state, said)
    for n in range(MOST_REACTING):
        reacted = Entry(n + 2, NOW, "chat", "reacted", ParticipantId(f"p{n}"), {"id": "m1", "emoji": "👍"})
        state = chat.feature.evolve(state, reacted)
    too_many = chat.feature.decide(
        state, React(type="react", id="m1", emoji="👍"), acting("late", Role.GUEST), NOW
    )
    assert too_many == Refusal("chat.enough_reactions")
    other = React(type="react", id="m1", emoji="😮")
    assert not isinstance(chat.feature.decide(state, other, acting("p7", Role.GUEST), NOW), Refusal)


async def test_what_stood_there_before_is_gone_from_the_disk(tmp_path: Path) -> None:
    storage = await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    house = House(StoredJournal(storage), Settings(snapshot_every=2))
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    drafts = ["a-word-that-was-a-mistake", "another-word-that-was", "as-it-should-be"]
    await ada.do("chat", "send", text=drafts[0])
    await bo.do("chat", "send", text="between", reply_to="m1")
    for text in drafts[1:]:
        await ada.do("chat", "edit", id="m1", text=text)
    await house.passes(31)
    assert [holds(tmp_path, text) for text in drafts] == [False, False, True]
    await house.restart()
    bo.seen = None
    await bo.connect()
    house.settle()
    shown = bo.snapshot["chat"]["messages"]
    assert [(m["id"], m["text"]) for m in shown] == [("m1", drafts[2]), ("m2", "between")]
    await ada.connect()
    await ada.do("chat", "delete", id="m1")
    await house.passes(31)
    assert not holds(tmp_path, drafts[2])
    await storage.close()


def holds(folder: Path, words: str) -> bool:
    return any(words.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())
