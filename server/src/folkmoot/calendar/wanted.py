"""What pages send: the wire's names. What they get is `shown`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from folkmoot.calendar.inviting import Invite
from folkmoot.calendar.model import EARLY, Who
from folkmoot.calendar.planning import Wish
from folkmoot.meetings.invitations import MOST_AT_ONCE
from folkmoot.meetings.people.policy import WaitingRoom

Scope = Literal["all", "this", "following"]
MOST_TEXT = 4000
TERMS = ("preset", "waiting_room", "who", "early_minutes", "capacity", "attendance", "by_number")


class InviteRequest(BaseModel):
    to: str = Field(max_length=320)
    """An address, or the id of an account. Empty: by name alone, without a mail."""
    name: str = Field(default="", max_length=256)
    language: str | None = None
    cohost: bool = False

    def said(self) -> Invite:
        return Invite(self.to, self.name, self.language, self.cohost)


class TermsRequest(BaseModel):
    """What isn't said stays, or is as usual."""

    title: str | None = Field(default=None, max_length=1000)
    preset: str | None = Field(default=None, max_length=32)
    waiting_room: WaitingRoom | None = None
    who: Who | None = None
    early_minutes: int | None = None
    capacity: int | None = None
    attendance: bool | None = None
    by_number: bool | None = None

    def terms(self) -> dict[str, Any]:
        """Those that are said: null says that there is no limit, or that the preset decides."""
        none_says = {"waiting_room", "capacity"}
        said = self.model_dump(include=set(TERMS), exclude_unset=True)
        return {name: value for name, value in said.items() if value is not None or name in none_says}

    def wish(self) -> Wish:
        return Wish(title=self.title, terms=self.terms())


class ChangeRequest(TermsRequest):
    notes: str | None = Field(default=None, max_length=MOST_TEXT)
    starts: str | None = Field(default=None, max_length=32)
    """Local: `2026-12-07T09:00`."""
    minutes: int | None = None
    time_zone: str | None = Field(default=None, max_length=64)
    rrule: str | None = Field(default=None, max_length=400)
    """RFC 5545. Empty: it doesn't repeat."""
    scope: Scope = "all"
    at: str | None = Field(default=None, max_length=32)
    """Which time, for `this` and `following`."""

    def wish(self) -> Wish:
        said = self.model_dump(include={"title", "notes", "starts", "minutes", "time_zone"})
        rule = self.rrule if self.rrule is not None or "rrule" not in self.model_fields_set else ""
        return Wish(**said, rrule=rule, terms=self.terms())


class PlanRequest(TermsRequest):
    notes: str | None = Field(default=None, max_length=MOST_TEXT)
    starts: str = Field(max_length=32)
    minutes: int = 60
    time_zone: str | None = Field(default=None, max_length=64)
    rrule: str | None = Field(default=None, max_length=400)
    people: list[InviteRequest] = Field(default=[], max_length=MOST_AT_ONCE)

    def wish(self) -> Wish:
        said = self.model_dump(include={"title", "notes", "starts", "minutes", "time_zone", "rrule"})
        return Wish(**said, terms=self.terms())


class PeopleRequest(BaseModel):
    people: list[InviteRequest] = Field(min_length=1, max_length=MOST_AT_ONCE)


class CohostRequest(BaseModel):
    cohost: bool


class AnswerRequest(BaseModel):
    answer: str = Field(max_length=16)


class HandedRequest(BaseModel):
    keep: bool
    """Or give it back to who it was."""


class TokenRequest(BaseModel):
    token: str = Field(max_length=200)


class TokenAnswerRequest(TokenRequest):
    answer: str = Field(max_length=16)


class TemplateRequest(BaseModel):
    name: str = Field(max_length=256)
    title: str = Field(default="", max_length=1000)
    minutes: int = Field(default=60, ge=1, le=1440)
    preset: str = Field(default="open", max_length=32)
    waiting_room: WaitingRoom | None = None
    who: Who = "link"
    early_minutes: int = Field(default=EARLY, ge=0, le=120)
    capacity: int | None = Field(default=None, ge=1)
    attendance: bool = False
    by_number: bool = True


class AskRequest(BaseModel):
    number: str = Field(pattern=r"^\d{12}$")


class HeirRequest(BaseModel):
    heir: str | None = Field(max_length=32)
    """An account, or an organisation. Null: nobody."""


Clock = Annotated[
    str,
    StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$"),
    AfterValidator(lambda text: text.rjust(5, "0")),
]
"""Of a day: 9:00 is 09:00."""


class QuietRequest(BaseModel):
    quiet_from: Clock | None = Field(default=None, alias="from")
    quiet_to: Clock | None = Field(default=None, alias="to")
    mail: bool = True
