"""People with accounts on a whole server that sends real mail, as a program talks to it."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.posts import Post, text_of
from tests.product import Product

PASSWORD = "a pendulum swings at noon"
OURS = {"sec-fetch-site": "same-origin"}
POSTMASTERS_CODE = re.compile(r"\b\d{8}\b")


@dataclass
class Visitor:
    """Who talks to the product as a browser would, or worse."""

    product: Product
    cookies: dict[str, str] = field(default_factory=dict)

    def asks(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        line = http.client.HTTPConnection("localhost", self.product.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        carried = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        said = {"content-type": "application/json", "cookie": carried, **sent}
        line.request(method, path, None if body is None else json.dumps(body), said)
        answer = line.getresponse()
        for one in answer.headers.get_all("set-cookie") or []:
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        read = answer.read()
        line.close()
        return answer.status, json.loads(read) if read else None

    def does(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        status, said = self.asks(method, path, body, **{**OURS, **headers})
        assert status < 300, said
        return said


@dataclass
class Town:
    product: Product
    post: Post

    def comes(self, name: str, address: str, language: str = "en", **headers: str) -> Visitor:
        one = Visitor(self.product)
        who = {
            "name": name,
            "address": address,
            "password": PASSWORD,
            "language": language,
            "time_zone": "UTC",
        }
        one.does("POST", "/api/signup", who, **headers)
        secret = self.post.link_to(address).partition("#")[2]
        one.does("POST", "/api/verify", {"token": secret}, **headers)
        return one

    def organisation(self, owner: Visitor, name: str, domain: str) -> str:
        """With a domain that its postmaster has vouched for."""
        org = str(owner.does("POST", "/api/orgs", {"name": name})["id"])
        there = f"/api/orgs/{org}/domains"
        owner.does("POST", there, {"domain": domain})
        owner.does("POST", f"{there}/{domain}/mail")
        owner.does("POST", f"{there}/{domain}/code", {"code": self.code_to(domain)})
        return org

    def code_to(self, domain: str) -> str:
        code = POSTMASTERS_CODE.search(text_of(self.post.to(f"postmaster@{domain}")[-1]))
        assert code
        return code[0]
