"""`/api/orgs`: organisations over HTTP, for who is signed in.

Law: who isn't in an organisation gets the same answer as for one that isn't. What is asked is bounded before it is looked at.
"""

from __future__ import annotations

from fastapi import APIRouter

from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.routes import domains, groups, organisations, people, tables


def router(at: Orgs) -> APIRouter:
    api = APIRouter()
    for part in (people, organisations, groups, domains, tables):
        api.routes.extend(part.router(at).routes)
    return api
