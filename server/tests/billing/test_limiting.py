"""What a plan allows a meeting is known without waiting; where it isn't, everything is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from folkmoot.billing.known import UNLIMITED, Known, Standings
from folkmoot.billing.limiting import OLD_S, OVER_S, Limiting, narrower
from folkmoot.billing.plans import FREE, Limits, Plan, PlanId, Plans, Service, with_free
from folkmoot.billing.subscription import Standing
from folkmoot.kit import ManualClock

TEAM, SCHOOL = PlanId("team"), PlanId("school")
PLANS: Plans = with_free(
    [
        Plan(FREE, "Free", limits=Limits(100, 60)),
        Plan(TEAM, "Team", limits=Limits(300, None)),
        Plan(SCHOOL, "School", limits=Limits(50, 600)),
    ]
)


@dataclass
class World:
    owners: dict[str, str] = field(default_factory=lambda: {"1": "ada"})
    orgs: dict[str, list[str]] = field(default_factory=lambda: {"ada": ["o_1"]})
    known: Known = field(default_factory=Known)
    clock: ManualClock = field(default_factory=ManualClock)
    down: bool = False

    def __post_init__(self) -> None:
        self.limiting = Limiting(self.known, self.owner_of, lambda who: self.orgs.get(who, []), self.clock)

    async def owner_of(self, number: str) -> str | None:
        await asyncio.sleep(0)
        if self.down:
            raise OSError("the database is away")
        return self.owners.get(number)

    async def stands(self, standing: Standing, *, restricted: bool = False, plan: PlanId = TEAM) -> None:
        async def standings() -> AsyncIterator[Standings]:
            yield "o_1", plan, standing, restricted

        await self.known.learn(PLANS, standings(), all_=True)

    async def asks(self, number: str = "1") -> Limits:
        self.limiting.of(number)
        await self.limiting.settled()
        return self.limiting.of(number)


async def test_of_whom_nothing_is_known_everything_is_allowed() -> None:
    world = World()
    assert await world.asks() == UNLIMITED, "plans were never read"
    await world.stands(Standing.ACTIVE)
    assert world.limiting.of("2") == UNLIMITED, "its owner isn't known yet, and nobody waits"
    world.down = True
    assert await world.asks("3") == UNLIMITED


async def test_a_meeting_has_its_owners_plan_and_the_free_one_where_there_is_none() -> None:
    world = World()
    await world.stands(Standing.ACTIVE)
    assert await world.asks() == Limits(300, None)
    assert await world.asks("2") == Limits(100, 60)
    world.owners["3"] = "bo"
    assert await world.asks("3") == Limits(100, 60)


async def test_who_pays_never_has_less_than_who_doesnt() -> None:
    world = World()
    await world.stands(Standing.ACTIVE, plan=SCHOOL)
    assert await world.asks() == Limits(100, 600)


async def test_while_people_are_in_it_nothing_gets_narrower() -> None:
    world = World()
    await world.stands(Standing.ACTIVE)
    await world.asks()
    await world.stands(Standing.PAST_DUE, restricted=True)
    for _ in range(100):
        world.clock.advance(1)
        assert await world.asks() == Limits(300, None)
    world.clock.advance(OVER_S + 1)
    assert await world.asks() == Limits(100, 60), "the next meeting"
    await world.stands(Standing.ACTIVE)
    assert await world.asks() == Limits(300, None), "wider is at once"


async def test_a_meeting_that_was_handed_over_has_its_new_owners_plan() -> None:
    world = World()
    await world.stands(Standing.ACTIVE)
    world.owners["1"] = "bo"
    await world.asks()
    world.owners["1"] = "ada"
    world.clock.advance(OLD_S + 1)
    assert await world.asks() == Limits(300, None)


def test_of_two_limits_the_lower() -> None:
    assert [narrower(None, 5), narrower(5, None), narrower(5, 3), narrower(None, None)] == [5, 5, 3, None]


async def knows(known: Known, plans: Plans, *said: Standings) -> None:
    async def standings() -> AsyncIterator[Standings]:
        for one in said:
            yield one

    await known.learn(plans, standings(), all_=True)


def at_once(free: int | None, team: int | None) -> Plans:
    return with_free(
        [Plan(FREE, "Free", limits=Limits(at_once=free)), Plan(TEAM, "Team", limits=Limits(at_once=team))]
    )


PAYS: Standings = ("o_1", TEAM, Standing.ACTIVE, False)


async def test_who_pays_for_no_organisation_counts_alone_and_colleagues_count_together() -> None:
    """In a school of fifty that pays nothing, one lesson keeps nobody from another."""
    known = Known()
    assert known.places("ada", ["o_1"]) == (), "nothing is known yet"
    await knows(known, at_once(1, 20), PAYS, ("o_2", None, Standing.CANCELLED, False))
    assert known.places("ada", ["o_1"]) == (("o_1", 20),)
    assert known.places("bo", ["o_2"]) == (("bo", 1),)
    assert known.places("cy", []) == (("cy", 1),)
    assert known.places("di", ["o_2", "o_1"]) == (("o_1", 20),)
    await knows(known, at_once(1, 20), ("o_1", TEAM, Standing.PAST_DUE, True))
    assert known.places("ada", ["o_1"]) == (("ada", 1),)


async def test_who_pays_never_has_fewer_at_once_and_without_a_word_nobody_is_limited() -> None:
    known = Known()
    await knows(known, at_once(5, 2), PAYS)
    assert known.places("ada", ["o_1"]) == (("o_1", 5),)
    await knows(known, at_once(None, 2), PAYS)
    assert known.places("ada", ["o_1"]) == known.places("bo", []) == ()
    await knows(known, at_once(5, None), PAYS)
    assert known.places("ada", ["o_1"]) == ()


async def test_services_are_the_plan_s_and_everybody_s_and_where_nobody_sells_any_all() -> None:
    known, all_ = Known(), frozenset(Service)
    assert known.services([]) == all_, "nothing is known yet"
    await knows(known, with_free([]), PAYS)
    assert known.services([]) == known.services(["o_1"]) == all_, "a server that sells nothing"
    api, directory = frozenset({Service.API}), frozenset({Service.DIRECTORY_SYNC})
    plans = with_free([Plan(FREE, "Free", services=api), Plan(TEAM, "Team", services=directory)])
    await knows(known, plans, PAYS)
    assert known.services(["o_2"]) == api
    assert known.services(["o_2", "o_1"]) == api | directory
    await knows(known, plans, ("o_1", TEAM, Standing.PAST_DUE, False))
    assert known.services(["o_1"]) == api | directory, "words come before anything else"
    await knows(known, plans, ("o_1", TEAM, Standing.PAST_DUE, True))
    assert known.services(["o_1"]) == api
    await knows(known, with_free([plans[FREE]]), PAYS)
    assert known.services(["o_1"]) == all_, "a plan that is there no more keeps nothing from who has it"
