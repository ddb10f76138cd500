"""What pages get of a meeting that took place: what was said, who was there."""

from __future__ import annotations

from pydantic import BaseModel

from folkmoot.calendar.keeping import Kept, Roll
from folkmoot.calendar.shown import HeldShown, held


class SaidShown(BaseModel):
    at: str
    name: str
    text: str


class CameShown(BaseModel):
    name: str
    account: bool
    came_at: str
    left_at: str | None
    minutes: int
    checks: list[bool]


class CheckShown(BaseModel):
    at: str
    present: list[str]


class RollShown(BaseModel):
    people: list[CameShown]
    checks: list[CheckShown]


class KeptShown(HeldShown):
    chat: list[SaidShown]
    polls: int
    kept_until: str | None


def kept(one: Kept) -> KeptShown:
    return KeptShown(
        **held(one.was).model_dump() | {"attendance": one.attendance},
        chat=[SaidShown(at=said.at.isoformat(), name=said.name, text=said.text) for said in one.chat],
        polls=one.polls,
        kept_until=one.until.isoformat() if one.until else None,
    )


def roll(one: Roll) -> RollShown:
    return RollShown(
        people=[
            CameShown(
                name=came.name,
                account=came.account,
                came_at=came.came_at.isoformat(),
                left_at=came.left_at.isoformat() if came.left_at else None,
                minutes=came.minutes,
                checks=[*came.checks],
            )
            for came in one.people
        ],
        checks=[CheckShown(at=check.at.isoformat(), present=[*check.present]) for check in one.checks],
    )
