"""A provider's webhooks: taken at the door, done by jobs.

Law: the door looks whether it is the provider who speaks, writes down what it said, and answers. What it says is done afterwards, however
often it takes; nothing is taken in that doesn't concern us.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from folkmoot.billing import receiving
from folkmoot.billing.billing import Billing
from folkmoot.billing.collecting import Collecting
from folkmoot.billing.provider import Came, Declined, Dropped, Failed, GivenBack, Gone, Heard, Saved
from folkmoot.billing.written import read, written
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId

KIND = "billing.heard"
KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Heard)}


class Hearing:
    def __init__(self, at: Billing, collecting: Collecting) -> None:
        self.at, self._collecting = at, collecting
        at.orgs.jobs.does(KIND, self.work)
        at.orgs.jobs.does(receiving.PREFER, self.prefer)

    async def hear(self, provider: str, body: bytes, headers: Mapping[str, str]) -> Refusal | None:
        if provider != self.at.provider.name:
            return Refusal("billing.by_hand")
        said = self.at.provider.heard(body, headers, self.at.clock.now())
        if isinstance(said, Refusal):
            return said
        if said is not None:
            async with self.at.storage.writing() as connection:
                told = {"kind": type(said).__name__, "said": written(said)}
                await self.at.orgs.jobs.add(connection, KIND, told)
        return None

    async def prefer(self, said: Mapping[str, Any]) -> None:
        await receiving.prefer(self.at, OrgId(said["org"]))

    async def work(self, told: Mapping[str, Any]) -> None:
        said: Heard = read(KINDS[told["kind"]], told["said"])
        match said:
            case Came():
                await receiving.receive(self.at, said)
            case Failed():
                await self._collecting.declined(said.number, Declined(said.why), said.payment)
            case Saved():
                await receiving.save(self.at, said)
            case Dropped() | Gone():
                await receiving.drop(self.at, said)
            case GivenBack():
                await receiving.give_back(self.at, said)
