"""What a page has to know before it offers a mail: whether any leaves this server."""

from __future__ import annotations

from pathlib import Path

import pytest

from folkmoot import orgs, rest
from folkmoot.accounts.inside import COOKIE
from folkmoot.accounts.model import SignUp

from .accounts.conftest import Mailbox, mailbox, opened
from .calendar.conftest import school_of
from .orgs.conftest import built

__all__ = ["mailbox"]


@pytest.mark.parametrize("mail", [True, False])
async def test_every_page_that_offers_a_mail_is_told_whether_one_leaves(
    address: str, mailbox: tuple[Mailbox, int], tmp_path: Path, mail: bool
) -> None:
    async with (
        opened(address, mailbox, SignUp.OPEN, mail=mail) as office,
        school_of(office) as school,
        built(office, tmp_path) as town,
    ):
        rest.install(school.app, [orgs.router(town.at)], "1")
        ada = await (office.has_account("Ada", "ada@school.example") if mail else office.signs_up())
        org = await town.org(ada)
        client = school.browser()
        client.cookies.set(COOKIE, ada.token)

        async def said(path: str) -> object:
            return (await client.get(f"/api/{path}")).json()

        assert await said("signup") == {"sign_up": "open", "mail": mail, "set_up": False}
        seen = await said(f"orgs/{org}")
        assert isinstance(seen, dict) and seen["mails"] is mail
        quiet = {"from": None, "to": None, "mail": True}
        assert await said("calendar/quiet") == {**quiet, "mails": mail}
        board = await said("calendar")
        assert isinstance(board, dict) and board["mails"] is mail
