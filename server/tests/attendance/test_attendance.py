"""Who keeps a roll, and who is told of it."""

from __future__ import annotations

from ..meetings.house import House


async def test_hosts_alone_switch_it_and_ask_who_is_there(house: House) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    for command, payload in (("switch", {"on": True}), ("check", {})):
        assert await ada.do("attendance", command, **payload) == "meeting.not_host"
    assert await host.do("attendance", "check") == "attendance.off"
    await host.do("attendance", "switch", on=True)
    assert ada.heard("switched") == [{"on": True}], "everybody sees that it is on"
    assert isinstance(await host.do("attendance", "check"), int)
    assert isinstance(await ada.do("attendance", "here", id=1), int)
    assert await ada.do("attendance", "check") == "meeting.not_host"
