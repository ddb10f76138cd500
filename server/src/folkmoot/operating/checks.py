"""What was looked at, and how it is: as `folkmoot doctor` says it in the shell, and the operator's page in theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509

SOON_DAYS = 21
"""A certificate that ends sooner is said so: time to find out why nobody renewed it."""
LAST_DAYS = 7
"""And then it is in the way."""
RENEW = "It ends in {days} days and should have been renewed by now: look at what renews it."


class Words(NamedTuple):
    """For the shell, and for whoever reads the API; pages have theirs, in each language, by the same code."""

    good: bool
    what: str
    advice: str = ""


WORDS: Mapping[str, Words] = {
    "server.answers": Words(
        True, "the server of this folder answers at {address}, so its ports are not tried"
    ),
    "server.ill": Words(
        False, "the server of this folder, at {address}", "It answers, and isn't well: {said}"
    ),
    "server.silent": Words(
        False,
        "the server of this folder",
        "It works in {folder} and doesn't answer at {address}. Say its settings with --config; if they are these, look at what it logs.",
    ),
    "port.free": Words(True, "TCP port {port} is free"),
    "port.taken": Words(False, "TCP port {port}", "{error}"),
    "media.broken": Words(False, "media engine", "{error}"),
    "media.answers": Words(True, "{way} answers in {took} ms"),
    "media.silent": Words(
        False, "{way}", "Nothing came back. Is a firewall in between, or the address wrong?"
    ),
    "media.no_tcp": Words(
        True, "no media by TCP", "media.tcp_port is 0: where UDP is blocked, nobody is heard."
    ),
    "files.enough": Words(True, "{count} files may be open"),
    "files.few": Words(
        True,
        "{count} files may be open",
        "Everybody in a meeting is two, and more where UDP is blocked. LimitNOFILE=65536 in the unit allows more.",
    ),
    "storage.closed": Words(False, "storage in {folder}", "{error}. Name another folder with --data."),
    "storage.open": Words(True, "{folder} can be written"),
    "storage.no_log": Words(
        False, "{folder} can be written", "No write-ahead log here: is it a network drive?"
    ),
    "storage.room": Words(True, "{mib} MiB free"),
    "storage.full": Words(False, "{mib} MiB free", "Make room."),
    "storage.shown": Words(
        True, "{folder} can be read by others", "chmod 700 {folder} keeps its secrets to you."
    ),
    "database.whole": Words(True, "{file} was read and is whole"),
    "database.damaged": Words(False, "{file}", "{error}"),
    "database.answers": Words(True, "database {name} answers, at {at}"),
    "database.empty": Words(True, "database {name} answers, with nothing in it yet"),
    "database.away": Words(False, "database {name}", "{error}"),
    "mail.none": Words(True, "no mail server is set: links are shown to copy"),
    "mail.there": Words(True, "mail to {address}: somebody is there"),
    "mail.away": Words(False, "mail to {address}", "Nobody takes it there: {error}."),
    "webhooks.there": Words(True, "webhooks to {address}: somebody is there"),
    "webhooks.away": Words(False, "webhooks to {address}", "Nobody takes them there: {error}."),
    "payments.there": Words(True, "payments through {address}: somebody is there"),
    "payments.away": Words(
        False,
        "payments through {address}",
        "Nobody answers: {error}. Invoices can be paid by bank transfer meanwhile.",
    ),
    "certificate.good": Words(True, "certificate of {names}: until {until}, {days} days"),
    "certificate.soon": Words(True, "certificate of {names}: until {until}", RENEW),
    "certificate.last": Words(False, "certificate of {names}: until {until}", RENEW),
    "certificate.over": Words(
        False, "certificate of {names}", "It ended on {until}: browsers let nobody in. Renew it."
    ),
    "certificate.broken": Words(False, "certificate {file}", "It can't be used: {error}."),
    "host.good": Words(True, "{host} of {organisation} leads here: certificate until {until}, {days} days"),
    "host.ok": Words(True, "{host} of {organisation} leads here"),
    "host.soon": Words(True, "{host} of {organisation}: certificate until {until}", RENEW),
    "host.last": Words(False, "{host} of {organisation}: certificate until {until}", RENEW),
    "host.over": Words(False, "{host} of {organisation}", "Its certificate ended on {until}. Renew it."),
    "host.leaving": Words(True, "{host} of {organisation} is no more: whoever comes by it is sent on"),
    "host.unseen": Words(True, "{host} of {organisation}: not looked at yet"),
    "host.no_record": Words(
        True, "{host} of {organisation}", "The DNS knows no such name yet: that is the organisation's to do."
    ),
    "host.elsewhere": Words(
        True, "{host} of {organisation}", "The DNS leads elsewhere: that is the organisation's to mend."
    ),
    "host.certificate": Words(
        False,
        "{host} of {organisation}",
        "It leads here and no certificate holds for it: get one, into http.certificates or by your proxy.",
    ),
    "host.away": Words(
        False, "{host} of {organisation}", "It leads here and nobody answers: does your proxy take that name?"
    ),
    "host.stranger": Words(
        False, "{host} of {organisation}", "Another server answers there: does your proxy hand that name on?"
    ),
    "clock.right": Words(True, "the clock says {time} UTC"),
    "clock.wrong": Words(
        False,
        "the clock says {time} UTC",
        "Tokens carry times: set the clock, or switch time synchronisation on (timedatectl).",
    ),
    "client.built": Words(True, "the web client is built"),
    "client.missing": Words(False, "no web client", "In a checkout: make web."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    params: Mapping[str, str]

    @property
    def good(self) -> bool:
        return WORDS[self.code].good

    @property
    def what(self) -> str:
        return WORDS[self.code].what.format_map(self.params)

    @property
    def advice(self) -> str:
        return WORDS[self.code].advice.format_map(self.params)


def found(code: str, **params: object) -> Finding:
    return Finding(code, {name: str(value) for name, value in params.items()})


def ending(days: int) -> str:
    """How soon a certificate ends, in the word of its finding."""
    return "over" if days < 0 else "last" if days < LAST_DAYS else "soon" if days < SOON_DAYS else "good"


@dataclass(frozen=True, slots=True)
class Certified:
    names: tuple[str, ...]
    until: datetime
    days_left: int
    soon: bool
    ours: bool
    """Made by this server, so every browser warns once."""


def certificate(file: Path, now: datetime, *, ours: bool) -> Certified | None:
    """Blocks. None: it can't be read."""
    try:
        read = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None
    try:
        said = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = (*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress)))
    except x509.ExtensionNotFound:
        names = ()
    left = (read.not_valid_after_utc - now).days
    return Certified(names, read.not_valid_after_utc, left, left < SOON_DAYS, ours)
