"""What other sites, and requests that aren't quite HTTP, would do with people's accounts: H46 to H48 of the threat model, by number.

And what is written into names: mails and addresses take them as words, never as headers, links or another organisation's domain.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from folkmoot.cli.archive import DATABASE
from tests.hostile.bystanders import GROWTH, resident
from tests.posts import links, post_office, text_of
from tests.product import Product
from tests.town import OURS, Town, Visitor

SITE = "https://meet.example"
ELSEWHERE: tuple[Mapping[str, str], ...] = (
    {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    {"sec-fetch-site": "same-site", "origin": "https://evil.meet.example"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
)
"""What a browser says of a page that isn't ours; the last two are old ones."""
BY_NO_COOKIE = {
    "POST /api/meetings",
    "POST /api/meetings/{number}/branding",
    "POST /api/meetings/{number}/join",
    "POST /api/meetings/{number}/invitations",
    "DELETE /api/meetings/{number}/invitations/{invitation}",
    "POST /api/meetings/{number}/host-key",
    "POST /api/meetings/{number}/files",
    "POST /api/calendar/answers",
    "POST /api/calendar/answers/show",
    "POST /api/line-check",
    "POST /api/payments/{provider}",
}
"""Done by what is in the request: a link's secret, a ticket, a signature, or as a guest; or by anybody, with nothing kept."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with post_office() as (post, environment):
        told = {**environment, "FOLKMOOT_HTTP__ADDRESS": SITE}
        product = Product(tmp_path_factory.mktemp("data"), "--dev", environment=told)
        product.start()
        yield Town(product, post)
        product.stop()


def example(of: Mapping[str, Any], among: Mapping[str, Any]) -> Any:
    """The least that a schema takes: so that it isn't the body that is refused."""
    if "$ref" in of:
        return example(among[of["$ref"].rpartition("/")[2]], among)
    if "anyOf" in of:
        return example(of["anyOf"][0], among)
    if "enum" in of:
        return of["enum"][0]
    match of.get("type"):
        case "object":
            needed = of.get("required", ())
            return {
                name: example(one, among) for name, one in of.get("properties", {}).items() if name in needed
            }
        case "array":
            return [example(of["items"], among)] * int(of.get("minItems", 0))
        case "integer" | "number":
            return of.get("minimum", 1)
        case "boolean":
            return True
    return (
        "2027-01-01T00:00:00Z"
        if of.get("format") == "date-time"
        else "x" * max(1, int(of.get("minLength", 1)))
    )


def routes_that_change(visitor: Visitor) -> Iterator[tuple[str, str, Any]]:
    """With the address as the description has it, and a body."""
    _, described = visitor.asks("GET", "/api/openapi.json")
    among = described["components"]["schemas"]
    for path, ways in described["paths"].items():
        for method, way in ways.items():
            if method == "get":
                continue
            content = way.get("requestBody", {}).get("content", {}).get("application/json")
            yield method.upper(), path, None if content is None else example(content["schema"], among)


def of_theirs(visitor: Visitor) -> list[Any]:
    """All that a page could have changed."""
    seen = ("account", "account/signin", "account/sessions", "account/keys", "calendar", "orgs", "webhooks")
    return [_lasting(visitor.asks("GET", f"/api/{one}")[1]) for one in seen]


def _lasting(said: Any) -> Any:
    """Without when it was asked."""
    if isinstance(said, list):
        return [_lasting(one) for one in said]
    if isinstance(said, dict):
        return {key: _lasting(one) for key, one in said.items() if key not in ("now", "used_at", "last_used")}
    return said


def test_h46_a_page_of_elsewhere_changes_nothing_by_anybodys_cookie(town: Town) -> None:
    ada = town.comes("Ada", "ada@school.example")
    ada.does("POST", "/api/orgs", {"name": "Northfield School"})
    before, tried = of_theirs(ada), 0
    for method, path, body in routes_that_change(ada):
        there = re.sub(r"{[^}]+}", "x_1", path)
        for elsewhere in ELSEWHERE:
            status, said = ada.asks(method, there, body, **elsewhere)
            if f"{method} {path}" not in BY_NO_COOKIE:
                assert (status, said["code"]) == (403, "request.other_site"), f"{method} {path} {elsewhere}"
            tried += 1
    assert tried > 300
    assert of_theirs(ada) == before
    status, said = ada.asks("POST", "/scim/v2/Users", {"userName": "eve@school.example"}, **ELSEWHERE[0])
    assert status == 401, "a directory has a token of its own, and no cookie is looked at"


OTHERWISE = ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method")
"""By which some servers take a GET for something else."""
BESIDE = {"sessions", "jobs"}
"""When somebody was here last, and work that is under way: they move with the clock, whoever asks."""


def routes_that_tell(visitor: Visitor) -> Iterator[str]:
    _, described = visitor.asks("GET", "/api/openapi.json")
    yield from (path for path, ways in described["paths"].items() if "get" in ways)


def kept(product: Product) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with sqlite3.connect(product.data / DATABASE, timeout=30) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {
            name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"')))
            for name in tables
            if name not in BESIDE
        }
    database.close()
    return rows


def told(visitor: Visitor, path: str, **headers: str) -> tuple[int, Mapping[str, str]]:
    line = http.client.HTTPConnection("localhost", visitor.product.port, timeout=30)
    carried = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    line.request("GET", path, headers={"cookie": carried, **headers})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_h46_no_get_changes_anything_nor_is_read_elsewhere(town: Town) -> None:
    """A link, a picture or a form of another site asks by GET, and the cookie may go along."""
    lea = town.comes("Lea", "lea@school.example")
    org = lea.does("POST", "/api/orgs", {"name": "Northfield School"})["id"]
    when = {"starts": "2030-01-07T09:00", "minutes": 60, "time_zone": "UTC"}
    planned = lea.does("POST", "/api/calendar/meetings", {"people": [{"to": "bo@elsewhere.example"}], **when})
    town.post.to("bo@elsewhere.example")
    real = {"org": org, "number": planned["number"], "meeting": planned["id"]}

    def there(path: str) -> str:
        return re.sub(r"{([^}]+)}", lambda name: real.get(name[1], "x_1"), path)

    before, tried = kept(town.product), 0
    for path in routes_that_tell(lea):
        if path == "/api/calendar/rings":
            continue  # it answers when somebody rings
        for elsewhere in ELSEWHERE:
            status, headers = told(lea, there(path), **elsewhere)
            assert status < 500, path
            assert "access-control-allow-origin" not in headers, path
            assert "set-cookie" not in headers, path
            tried += 1
    for method, path, _ in routes_that_change(lea):
        otherwise = dict.fromkeys(OTHERWISE, method)
        status, _ = told(lea, f"{there(path)}?_method={method}", **ELSEWHERE[0], **otherwise)
        assert status < 500, path
        tried += 1
    assert tried > 300
    for path in ("/api/calendar/room", f"/api/orgs/{org}/export"):
        assert told(lea, path, **ELSEWHERE[0])[0] == 403, "one is made by it, the other is noted"
    after = kept(town.product)
    changed = {name: {*after[name]} ^ {*before.get(name, [])} for name in after}
    assert {name: rows for name, rows in changed.items() if rows} == {}
    for path in ("/api/calendar/room", f"/api/orgs/{org}/export"):
        assert told(lea, path, **OURS)[0] == 200, path


HOST = b"Host: localhost\r\n"
SMUGGLED = b"GET /api/presets HTTP/1.1\r\n" + HOST + b"\r\n"
POST = b"POST /api/signin HTTP/1.1\r\n" + HOST
TWO_WAYS: Mapping[str, bytes] = {
    "a length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and a length": b"Transfer-Encoding: chunked\r\nContent-Length: 60\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 40\r\n\r\n",
    "a length with a sign": b"Content-Length: +0\r\n\r\n",
    "chunks by another name": b"Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n",
    "chunks and then not": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a name with a space": b"Content-Length : 0\r\n\r\n",
    "a folded line": b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
    "lines that end by half": b"Content-Length: 0\n\n",
    "a chunk without end": b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff1\r\n",
    "a chunk less than none": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
}
FRAME = b"\x00\x00\x04\x03\x00\x00\x00\x00\x01\x00\x00\x00\x08"
"""RST_STREAM of HTTP/2."""


@pytest.mark.parametrize("kind", TWO_WAYS)
def test_h47_what_can_be_read_in_two_ways_is_read_in_none(town: Town, kind: str) -> None:
    said = spoken(town.product, POST + TWO_WAYS[kind] + SMUGGLED)
    assert said.startswith(b"HTTP/1.1 400 ") and said.count(b"HTTP/1.1 ") == 1, (
        "nobody answers what was hidden in it"
    )
    assert b"waiting_room" not in said and said.endswith(CLOSED)


@pytest.mark.parametrize(
    ("kind", "sent", "status"),
    [
        ("a header of 300 kB", b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 300_000 + b"\r\n\r\n", b"431"),
        ("headers without end", b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 1_000_000, b"431"),
        ("HTTP/2, reset at once", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + FRAME * 100_000, b"400"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_h47_a_head_without_measure_costs_its_own_line_alone(
    town: Town, kind: str, sent: bytes, status: bytes
) -> None:
    before = resident(town.product)
    said = spoken(town.product, sent)
    assert said.startswith(b"HTTP/1.1 " + status) and said.endswith(CLOSED)
    assert town.product.healthy()
    assert resident(town.product) < before + GROWTH, "megabytes were said, and nothing of it is held"


CLOSED = b"<closed>"


def spoken(product: Product, sent: bytes) -> bytes:
    """What is answered, until it is closed or nothing comes any more."""
    said = b""
    with socket.create_connection(("localhost", product.port), 10) as line:
        line.settimeout(10)
        try:
            line.sendall(sent)
        except OSError:
            pass  # it is cut while we talk; what was said before is to be read
        try:
            while some := line.recv(65536):
                said += some
        except ConnectionError:
            pass
        except TimeoutError:
            return said + b"<open>"
    return said + CLOSED


NOBODYS = {"host": "evil.example"}
POISON = {"x_forwarded_host": "evil.example", "forwarded": "host=evil.example"}


def test_h48_by_a_name_that_isnt_this_servers_nothing_is_done(town: Town) -> None:
    before = len(town.post.mails)
    for method, path, body in (
        ("POST", "/api/reset", {"address": "eve@school.example", "language": "en"}),
        ("POST", "/api/meetings", {}),
        ("GET", "/api/presets", None),
    ):
        status, said = Visitor(town.product).asks(method, path, body, **OURS, **NOBODYS)
        assert (status, said["code"], said["params"]) == (421, "host.unknown", {"main": SITE})
    assert len(town.post.mails) == before


OWN = "meet.north.example"


def test_by_an_organisations_own_name_one_meets_and_nobody_is_somebody(town: Town) -> None:
    ada = town.comes("Ada", "ada@north.example")
    org = town.organisation(ada, "North School", "north.example")
    assert ada.asks("POST", f"/api/orgs/{org}/hosts", {"host": "meet.school.example"}, **OURS)[0] == 409
    there = ada.does("POST", f"/api/orgs/{org}/hosts", {"host": OWN})
    assert there["records"] == [{"type": "CNAME", "record": OWN, "value": "meet.example"}]
    by_name = {**OURS, "host": OWN}
    for method, path in (("GET", "/api/account"), ("POST", "/api/signin"), ("GET", f"/api/orgs/{org}/hosts")):
        status, said = ada.asks(method, path, {} if method == "POST" else None, **by_name)
        assert (status, said["code"]) == (421, "host.elsewhere"), path
    made = ada.does("POST", "/api/meetings", {"title": "Physics"}, host=OWN)
    joined = Visitor(town.product).does(
        "POST",
        f"/api/meetings/{made['number']}/join",
        {"name": "Bob", "host_key": made["host_key"]},
        host=OWN,
    )
    assert joined["livekit"]["url"] == f"ws://{OWN}", "where they came from, and nowhere else"
    status, said = ada.asks("GET", f"/api/hosts/ask?domain={OWN}")
    assert status == 200 and said is None
    for name in ("evil.example", "north.example", "", "%2e%2e"):
        assert ada.asks("GET", f"/api/hosts/ask?domain={name}")[0] == 404
    assert ada.asks("GET", f"/api/hosts/ask?domain={OWN}", x_forwarded_for="203.0.113.9")[0] == 404, (
        "from outside nobody lists what is here"
    )


def test_links_and_mails_of_an_organisation_have_its_own_name(town: Town) -> None:
    """And lead nowhere else, whatever a request says."""
    kim = town.comes("Kim", "kim@south.example")
    org = town.organisation(kim, "South School", "south.example")
    kim.does("POST", f"/api/orgs/{org}/hosts", {"host": "meet.south.example"})
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    with sqlite3.connect(town.product.data / DATABASE, timeout=30) as database:
        # as a look would, that found it leads here: no DNS says so in a test
        database.execute(
            "UPDATE org_hosts SET ready_at = ?, looked_at = ?, seen = 'ok' WHERE org = ?", (now, now, org)
        )
    database.close()
    kim.does("PUT", f"/api/orgs/{org}/sender", {"reply_to": "office@south.example"})
    said = {
        "title": "Physics",
        "starts": "2030-01-07T09:00",
        "minutes": 60,
        "zone": "UTC",
        "people": [{"to": "bob@elsewhere.example"}],
    }
    planned = kim.does("POST", "/api/calendar/meetings", said, **POISON)
    there = "https://meet.south.example"
    assert planned["link"].startswith(f"{there}/m/{planned['number']}#k=")
    [mail] = town.post.to("bob@elsewhere.example")
    assert mail["From"] == "South School via Folkmoot <folkmoot@meet.example>"
    assert mail["Reply-To"] == "office@south.example"
    assert {link.split("/m/")[0].split("/answer")[0] for link in links(mail)} == {there}
    invitation = next(
        str(part.get_content()) for part in mail.walk() if part.get_content_type() == "text/calendar"
    )
    assert f"{there}/m/" in invitation.replace("\r\n ", "")
    told = [one for one in town.post.to("kim@south.example") if "verify" in str(links(one))]
    assert told and all(link.startswith(SITE) for link in links(told[0])), (
        "an account is at this server's own address"
    )


def test_h48_links_lead_to_this_server_whatever_a_request_says(town: Town) -> None:
    eve = town.comes("Eve", "eve@school.example", **POISON)
    eve.does("POST", "/api/reset", {"address": "eve@school.example", "language": "en"}, **POISON)
    org = eve.does("POST", "/api/orgs", {"name": "House"}, **POISON)["id"]
    invited = {"people": [{"address": "bo@elsewhere.example"}]}
    eve.does("POST", f"/api/orgs/{org}/invitations", invited, **POISON)
    when = {"starts": "2030-01-07T09:00", "minutes": 60, "time_zone": "UTC"}
    people = [{"to": "pupil@elsewhere.example"}]
    planned = eve.does("POST", "/api/calendar/meetings", {"people": people, **when}, **POISON)
    feed = eve.does("GET", "/api/calendar/feed", **POISON)["address"]
    assert [one for one in (planned["link"], feed) if not one.startswith(SITE + "/")] == []
    mails = [*town.post.to("pupil@elsewhere.example")]
    mails += [*town.post.to("eve@school.example", 2), *town.post.to("bo@elsewhere.example")]
    written = [link for mail in mails for link in links(mail)]
    assert len(written) >= 3
    assert [link for link in written if not link.startswith(SITE + "/")] == []
    assert "evil.example" not in "".join(mail.as_string() for mail in mails)


ASKED = b'{"address": "una@school.example", "language": "en"}'
TWO_NAMES: Mapping[str, bytes] = {
    "two names": HOST + b"Host: evil.example\r\n",
    "two names the other way round": b"Host: evil.example\r\n" + HOST,
    "none": b"",
    "an address with somebody before it": b"Host: localhost@evil.example\r\n",
    "a path in it": b"Host: localhost/evil.example\r\n",
}


@pytest.fixture(scope="module")
def una(town: Town) -> str:
    """Has an account, so that who asks for a new password of hers is heard."""
    town.comes("Una", "una@school.example")
    return "una@school.example"


def reset(product: Product, target: bytes, host: bytes) -> bytes:
    head = b"Content-Type: application/json\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
    length = b"Content-Length: %d\r\n\r\n" % len(ASKED)
    return spoken(product, b"POST " + target + b" HTTP/1.1\r\n" + host + head + length + ASKED)


@pytest.mark.parametrize("kind", TWO_NAMES)
def test_h48_by_two_names_or_none_nothing_is_done(town: Town, una: str, kind: str) -> None:
    said = reset(town.product, b"/api/reset", TWO_NAMES[kind])
    assert re.match(rb"HTTP/1.1 (400|421) ", said), said[:200]
    assert b"evil.example" not in said, "and it isn't said again"
    assert len(town.post.to(una)) == 1, "the mail of her account alone"


def test_h48_by_a_whole_address_of_elsewhere_the_mail_leads_here(town: Town, una: str) -> None:
    """The name that counts is the one in `Host`, which every proxy passes on."""
    said = reset(town.product, b"https://evil.example/api/reset", HOST)
    assert said.startswith(b"HTTP/1.1 202 ") and b"evil.example" not in said
    [_, asked] = town.post.to(una, 2)
    assert [link for link in links(asked) if not link.startswith(f"{SITE}/reset#")] == []


@pytest.mark.parametrize(
    "path", ["//evil.example", "/%2f%2fevil.example", "/\\evil.example", "/m/1?next=//evil.example"]
)
def test_h48_no_address_here_sends_anybody_elsewhere(town: Town, path: str) -> None:
    line = http.client.HTTPConnection("localhost", town.product.port, timeout=10)
    line.request("GET", path)
    answer = line.getresponse()
    assert answer.status < 300 or answer.status >= 400, "nothing is a redirect"
    assert answer.getheader("location") is None
    line.close()


HEADERS = ("To", "Bcc", "Cc", "From", "Subject")
INJECTED = (
    "Eve\r\nBcc: all@victims.example",
    "Eve\nSubject: You won",
    "Eve\r\n\r\n<h1>Hello</h1>",
    "Eve\x00",
)
MARKUP = '<img src=x onerror=alert(1)> & "Co"'


def test_what_is_in_a_name_is_no_header_of_a_mail(town: Town) -> None:
    mallory = town.comes("Mallory", "mallory@school.example")
    for name in INJECTED:
        assert mallory.asks("PATCH", "/api/account", {"name": name}, **OURS)[1]["code"] == "name.invalid"
        assert mallory.asks("POST", "/api/orgs", {"name": name}, **OURS)[1]["code"] == "name.invalid"
    org = mallory.does("POST", "/api/orgs", {"name": "Plain"})["id"]
    for address in ("x@y.example\r\nBcc: z@y.example", "x@y.example,z@y.example", "<x@y.example>\n.\nQUIT"):
        said = mallory.does("POST", f"/api/orgs/{org}/invitations", {"people": [{"address": address}]})
        assert "address.invalid" in json.dumps(said)
    assert all(len(to) == 1 and "victims" not in str(to) for to, _ in town.post.mails)


def test_markup_in_names_is_words_in_a_mail(town: Town) -> None:
    nell = town.comes(MARKUP, "nell@school.example")
    org = nell.does("POST", "/api/orgs", {"name": f"{MARKUP} School"})["id"]
    nell.does("POST", f"/api/orgs/{org}/invitations", {"people": [{"address": "zoe@elsewhere.example"}]})
    [mail] = town.post.to("zoe@elsewhere.example")
    assert MARKUP in text_of(mail)
    assert markup_of(mail).count("<img") == 0
    assert [len(mail.get_all(name) or []) for name in HEADERS] == [1, 0, 0, 1, 1]


def markup_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    return "" if body is None else str(body.get_content())


def test_a_domain_that_looks_like_another_is_shown_as_what_it_is(town: Town) -> None:
    olga = town.comes("Olga", "olga@school.example")
    org = olga.does("POST", "/api/orgs", {"name": "Look-alike"})["id"]
    latin, mixed = "paypal-school.example", "pаypal-school.example"  # the second has a Cyrillic а
    assert latin != mixed
    said = olga.does("POST", f"/api/orgs/{org}/domains", {"domain": mixed})
    assert said["domain"].startswith("xn--") and "pаypal" not in json.dumps(said, ensure_ascii=False)
    whole = olga.does("POST", f"/api/orgs/{org}/domains", {"domain": "школа.example"})
    assert whole["domain"].startswith("xn--")
    for public in ("gmail.com", "co.uk", "github.io"):
        status, refused = olga.asks("POST", f"/api/orgs/{org}/domains", {"domain": public}, **OURS)
        assert status >= 400 and refused["code"].startswith("org.domain"), public
