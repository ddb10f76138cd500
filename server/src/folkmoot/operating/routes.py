"""`/api/operator`: the server, for who runs it; `/api/announcements` and `/api/embed`, for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from folkmoot.accounts import Account, AccountId, SignUp
from folkmoot.accounts.inside import operator
from folkmoot.audit import Entry
from folkmoot.kit import Problem, Refusal
from folkmoot.operating.announcing import Announcement
from folkmoot.operating.checks import Certified
from folkmoot.operating.choosing import Choices
from folkmoot.operating.operating import Operating
from folkmoot.outward.model import State
from folkmoot.storage.searching import Place

T = TypeVar("T")
After = Annotated[str | None, Query(max_length=100)]


class CertificateShown(BaseModel):
    names: list[str]
    until: str
    days_left: int
    soon: bool
    ours: bool


class Overview(BaseModel):
    version: str
    since: str
    rooms: int
    meetings: int
    people: int
    """In meetings, now."""
    ill: dict[str, str]
    """By part of the server what is wrong with it."""
    certificate: CertificateShown | None
    free_bytes: int | None
    given_up: int
    """Mails and other work that nobody tries any more."""


class PersonShown(BaseModel):
    id: str
    name: str
    addresses: list[str]
    suspended: bool
    operator: bool
    made_at: str
    picture: str | None


class PeoplePage(BaseModel):
    people: list[PersonShown]
    next: str | None
    """What `after` takes, where there are more."""


class SuspendRequest(BaseModel):
    suspended: bool


class AppointRequest(BaseModel):
    operator: bool


class ResetLink(BaseModel):
    link: str
    """Good once, for an hour: to hand on."""


class OwnAddress(BaseModel):
    host: str
    state: State


class OrganisationShown(BaseModel):
    id: str
    name: str
    people: int
    made_at: str
    hosts: list[OwnAddress]
    """Addresses of its own."""


class OrganisationsPage(BaseModel):
    organisations: list[OrganisationShown]
    next: str | None


class FilesOfAKind(BaseModel):
    kind: str
    count: int
    bytes: int


class WorkGivenUp(BaseModel):
    kind: str
    why: str
    since: str
    tries: int


class StorageShown(BaseModel):
    files: list[FilesOfAKind]
    free_bytes: int | None
    given_up: list[WorkGivenUp]


class CheckShown(BaseModel):
    good: bool
    code: str
    params: dict[str, str]
    what: str
    advice: str


class ChoicesShown(BaseModel):
    sign_up: SignUp
    domains: list[str]
    embed: list[str]
    people: int
    """That a meeting holds; 0: no limit but the configuration's."""
    minutes: int
    """That a meeting lasts; 0: as long as it likes."""


class ChoicesRequest(BaseModel):
    sign_up: SignUp | None = None
    domains: list[str] | None = None
    embed: list[str] | None = None
    people: int | None = Field(default=None, ge=0)
    minutes: int | None = Field(default=None, ge=0)


class AnnouncementRequest(BaseModel):
    en: str = Field(default="", max_length=2000)
    zh: str = Field(default="", max_length=2000)
    begins: datetime | None = None
    ends: datetime


class AnnouncementShown(BaseModel):
    id: str
    en: str
    zh: str
    begins: str
    ends: str


class MailTried(BaseModel):
    address: str


class NoteShown(BaseModel):
    seq: int
    at: str
    actor: str
    """An id; or `the shell`."""
    actor_name: str
    """As it is now. Empty: nobody has it any more."""
    what: str
    subject: str
    subject_name: str


class NotesPage(BaseModel):
    notes: list[NoteShown]
    next: int | None
    """What `before` takes, where there are older ones."""


class EmbedShown(BaseModel):
    origins: list[str]


def router(at: Operating) -> APIRouter:
    api = APIRouter(prefix="/api/operator", tags=["operator"])
    governing = Depends(operator(at.accounts, by_key=True))

    @api.get("")
    async def overview(me: Account = governing) -> Overview:
        """How the server is: counts, never content."""
        counts, storing, certificate = at.parts.counts(), await at.storing(), at.certified()
        return Overview(
            version=at.parts.version,
            since=at.began.isoformat(),
            rooms=int(counts.get("rooms", 0)),
            meetings=int(counts.get("meetings", 0)),
            people=int(counts.get("people_in_meetings", 0)),
            ill=dict(at.parts.ill()),
            certificate=None if certificate is None else _certificate(certificate),
            free_bytes=storing.free,
            given_up=len(storing.given_up),
        )

    @api.get("/people")
    async def find_people(like: str = "", after: After = None, me: Account = governing) -> PeoplePage:
        """By parts of a name or address, the oldest first, 200 at a time."""
        page = await at.people(like[:200], _read(after))
        return PeoplePage(people=[_person(one) for one in page.found], next=_written(page.next))

    @api.put("/people/{id}/suspended", status_code=204)
    async def suspend_person(id: str, wanted: SuspendRequest, me: Account = governing) -> None:
        """Signed out everywhere at once, and not let in; or let in again."""
        _done(await at.suspend(me.id, AccountId(id), suspended=wanted.suspended))

    @api.put("/people/{id}/operator", status_code=204)
    async def appoint_operator(id: str, wanted: AppointRequest, me: Account = governing) -> None:
        """Makes somebody an operator, or takes it back. There is always one."""
        _done(await at.appoint(me.id, AccountId(id), operator=wanted.operator))

    @api.post("/people/{id}/reset")
    async def reset_person(id: str, me: Account = governing) -> ResetLink:
        """A link to choose a new password with, to hand on."""
        return ResetLink(link=_or_refuse(await at.reset(me.id, AccountId(id))))

    @api.get("/organisations")
    async def find_organisations(
        like: str = "", after: After = None, me: Account = governing
    ) -> OrganisationsPage:
        """By parts of the name, of an own address or of a proven domain; the oldest first, 200 at a time."""
        page = await at.organisations(like[:200], _read(after))
        now = at.accounts.clock.now()
        shown = [
            OrganisationShown(
                id=one.org.id,
                name=one.org.name,
                people=one.people,
                made_at=one.org.made_at.isoformat(),
                hosts=[OwnAddress(host=host.host, state=host.state(now)) for host in one.hosts],
            )
            for one in page.found
        ]
        return OrganisationsPage(organisations=shown, next=_written(page.next))

    @api.get("/storage")
    async def storage(me: Account = governing) -> StorageShown:
        """What files take, what is left, and the work that was given up."""
        found = await at.storing()
        return StorageShown(
            files=[FilesOfAKind(kind=kind, count=count, bytes=size) for kind, (count, size) in found.files.items()],
            free_bytes=found.free,
            given_up=[
                WorkGivenUp(kind=kind, why=why, since=since.isoformat(), tries=tries)
                for kind, why, since, tries in found.given_up
            ],
        )  # fmt: skip

    @api.get("/checks")
    async def checks(me: Account = governing) -> list[CheckShown]:
        """What `folkmoot doctor` looks at, as far as it can while the server runs."""
        return [
            CheckShown(
                good=one.good, code=one.code, params=dict(one.params), what=one.what, advice=one.advice
            )
            for one in await at.checks()
        ]

    @api.post("/mail-test", status_code=202)
    async def try_mail(me: Account = governing) -> MailTried:
        """A mail to the operator's own address. What goes wrong with it is seen in storage, among the work given up."""
        return MailTried(address=_or_refuse(await at.try_mail(me)))

    @api.get("/choices")
    async def choices(me: Account = governing) -> ChoicesShown:
        """Who signs up, whose pages may embed meetings, what a meeting is limited to."""
        return _choices(at)

    @api.patch("/choices")
    async def choose(wanted: ChoicesRequest, me: Account = governing) -> ChoicesShown:
        """What isn't sent stays as it is."""
        chosen = Choices(
            wanted.sign_up, _some(wanted.domains), _some(wanted.embed), wanted.people, wanted.minutes
        )
        _done(await at.choose(me.id, chosen))
        return _choices(at)

    @api.get("/announcements")
    async def every_announcement(me: Account = governing) -> list[AnnouncementShown]:
        """Also those that are over, or still to come."""
        return [_announcement(one) for one in at.every_announcement()]

    @api.post("/announcements", status_code=201)
    async def announce(wanted: AnnouncementRequest, me: Account = governing) -> AnnouncementShown:
        """One sentence, shown to everybody from then until then."""
        if wanted.ends.tzinfo is None or (wanted.begins and wanted.begins.tzinfo is None):
            raise Problem("announcement.times")
        said = await at.announce(me.id, wanted.en, wanted.zh, wanted.begins, wanted.ends)
        return _announcement(_or_refuse(said))

    @api.delete("/announcements/{id}", status_code=204)
    async def unannounce(id: str, me: Account = governing) -> None:
        """It is shown no more."""
        _done(await at.unannounce(me.id, id))

    @api.get("/audit")
    async def notes(before: int | None = None, me: Account = governing) -> NotesPage:
        """What operators did, the newest first. It proves itself: `folkmoot audit verify`."""
        noted = await at.noted(before)
        names = await at.names_in(noted)
        older = bool(noted) and noted[-1].seq > 1
        return NotesPage(notes=[_note(one, names) for one in noted], next=noted[-1].seq if older else None)

    return api


def open_router(at: Operating) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["server"])

    @api.get("/announcements")
    async def announcements(response: Response) -> list[AnnouncementShown]:
        """What who runs this server says to everybody, now."""
        response.headers["Cache-Control"] = "no-store"
        return [_announcement(one) for one in at.announced()]

    @api.get("/embed")
    async def embed() -> EmbedShown:
        """Whose pages may show a meeting in a frame, and talk to it."""
        return EmbedShown(origins=list(at.embed_origins()))

    return api


def _person(account: Account) -> PersonShown:
    return PersonShown(
        id=account.id,
        name=account.name,
        addresses=[one.address for one in account.addresses],
        suspended=account.state.value == "suspended",
        operator=account.operator,
        made_at=account.made_at.isoformat(),
        picture=account.picture or None,
    )


def _note(one: Entry, names: Mapping[str, str]) -> NoteShown:
    return NoteShown(
        seq=one.seq,
        at=one.at.isoformat(),
        actor=one.actor,
        actor_name=names.get(one.actor, ""),
        what=one.what,
        subject=one.subject,
        subject_name=names.get(one.subject, ""),
    )


def _certificate(one: Certified) -> CertificateShown:
    until = one.until.isoformat()
    return CertificateShown(
        names=list(one.names), until=until, days_left=one.days_left, soon=one.soon, ours=one.ours
    )


def _choices(at: Operating) -> ChoicesShown:
    domains, embed = list(at.accounts.domains), list(at.embed_origins())
    people, minutes = at.choices.people or 0, at.choices.minutes or 0
    return ChoicesShown(
        sign_up=at.accounts.sign_up, domains=domains, embed=embed, people=people, minutes=minutes
    )


def _announcement(one: Announcement) -> AnnouncementShown:
    begins, ends = one.begins.isoformat(), one.ends.isoformat()
    return AnnouncementShown(id=one.id, en=one.en, zh=one.zh, begins=begins, ends=ends)


def _read(after: str | None) -> Place | None:
    """What isn't of ours begins at the beginning."""
    moment, found, id = (after or "").partition("~")
    try:
        made_at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Place(made_at, id) if found and made_at.tzinfo else None


def _written(next: Place | None) -> str | None:
    return None if next is None else f"{next.made_at.isoformat()}~{next.id}"


def _some(said: list[str] | None) -> tuple[str, ...] | None:
    return None if said is None else tuple(one.strip().lower().rstrip("/") for one in said)


def _or_refuse(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        raise Problem.of(outcome)
    return outcome


def _done(outcome: Refusal | None) -> None:
    if outcome is not None:
        raise Problem.of(outcome)
