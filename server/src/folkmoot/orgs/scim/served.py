"""The protocol as the library serves it. Reading the library takes a second of a core: it is done for the first who asks."""

from __future__ import annotations

from functools import cache

from scim2_models import ScimProvider
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.service import ScimService
from scim2_server.utils import load_default_provider
from starlette.types import ASGIApp

from folkmoot.orgs.model import OrgId
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.scim.storage import OneOrganisation


def serving(at: Orgs, org: OrgId, by: str) -> ASGIApp:
    provider, service = _served()
    return ASGIApplication(OneOrganisation(at, org, by, provider), provider, service)  # type: ignore[return-value]


@cache
def _served() -> tuple[ScimProvider, ScimService]:
    """Users and groups; no passwords, which people choose themselves."""
    provider = load_default_provider()
    config = provider.config
    assert config is not None
    if config.change_password is not None:
        config.change_password.supported = False
    if config.bulk is not None:
        config.bulk.supported = False
    return provider, ScimService(provider)
