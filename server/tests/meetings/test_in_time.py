"""What a host and who waits wait for, with five hundred in the room."""

from __future__ import annotations

from folkmoot.meetings import model
from folkmoot.meetings.door import Joined

from ..measured import Measured, p99
from .house import ADMISSION, House, Page

CROWD, KNOCKS = 500, 100
WITHIN_S = 0.05


async def crowded(people: int) -> tuple[House, Page]:
    house = House()
    await house.create(preset="open")
    ada = await house.comes("Ada", host=True)
    for n in range(people):
        joined = await house.join(f"Person {n}")
        assert isinstance(joined, Joined)
        page = Page(house, joined)
        await page.connect()
        assert page.wire
        page.wire.carry(10**9)
        if n % 50 == 0:
            house.settle()
    await ada.do("meeting", "set_policy", waitingRoom="guests")
    return house, ada


async def arrives(house: House, n: int) -> Page:
    """At the door of the meeting, whose channel isn't open yet."""
    joined = await house.join(
        f"Late {n}", admission=ADMISSION, device=model.encode(b"late%12d" % n), address=f"198.51.{n}.1"
    )
    assert isinstance(joined, Joined)
    page = Page(house, joined)
    house.pages.append(page)
    house.clock.advance(1)
    return page


async def knocks(page: Page, ada: Page) -> None:
    await page.connect()
    assert ada.wire
    ada.wire.carry(10**9)


async def lets_in(ada: Page, page: Page) -> None:
    await ada.send(ada.ask("meeting", "admit", participant=page.id))
    assert page.wire
    page.wire.carry(10**9)


async def test_a_knock_is_at_the_host_and_a_yes_at_who_waits_within_fifty_milliseconds(
    measured: Measured,
) -> None:
    house, ada = await crowded(CROWD)
    to_host, to_waiting = [], []
    for n in range(KNOCKS):
        page = await arrives(house, n)
        with measured.lap() as lap:
            await knocks(page, ada)
        to_host.append(lap.seconds)
        assert ada.heard("waiting")[-1]["id"] == page.id
        house.settle()
        with measured.lap() as lap:
            await lets_in(ada, page)
        to_waiting.append(lap.seconds)
        assert page.waits is None and page.media
        house.settle()
    for took in (to_host, to_waiting):
        print(f"p99 {p99(took) * 1000:.1f} ms")
        assert measured.quiet(p99(took)) <= WITHIN_S, sorted(took)[-5:]


async def test_ten_times_the_people_are_at_most_ten_times_the_work(measured: Measured) -> None:
    async def calls(people: int) -> tuple[int, int]:
        house, ada = await crowded(people)
        page = await arrives(house, 0)
        with measured.counting() as knock:
            await knocks(page, ada)
        house.settle()
        with measured.counting() as yes:
            await lets_in(ada, page)
        return knock.calls, yes.calls

    few, many = await calls(CROWD // 10), await calls(CROWD)
    print(few, many)
    assert all(more < 10 * less for less, more in zip(few, many, strict=True))
