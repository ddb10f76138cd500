from __future__ import annotations

from tools.channel_types import TARGET, written


def test_the_pages_types_are_what_the_servers_models_say() -> None:
    assert TARGET.read_text() == written(), "python -m tools.channel_types"


def test_a_command_has_its_payload_by_feature_and_type() -> None:
    assert "    send: { text: string; to?: string; reply_to?: string };" in written()
    assert '    react: { emoji: "👍" | "👏"' in written()


def test_what_only_the_meeting_itself_can_say_is_not_offered() -> None:
    assert "enter" not in written().lower().replace("center", "")
