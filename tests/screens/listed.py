"""Which screens there are to be looked at, by the address each has.

Law: an address of the web client without a screen here fails a test, so that no page is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Who = Literal["nobody", "teacher", "newcomer", "colleague"]

SETTINGS = (
    "profile",
    "devices",
    "look",
    "language",
    "shortcuts",
    "notifications",
    "programs",
    "privacy",
    "signin",
)
ORGANISATION = ("people", "rules", "domains", "branding", "programs", "plan", "usage", "audit", "about")
OPERATOR = ("overview", "people", "organisations", "access", "announcements", "storage", "checks", "audit")
OPERATED = "/operator/:tab?/:item?/:part?"

PLANS = ":is(a, button):text-matches('Plan a meeting|预定会议')"
"""Only the dashboard has a way to plan; until the server has said who one is, home is drawn as for strangers."""
LATEST = {"signin": "main section:nth-of-type(5)"}
"""What of a tab comes last, where its parts come one by one."""
HANDED = "button:text-matches('Give back|交还')"
"""What a new organiser is asked."""


@dataclass(frozen=True)
class Screen:
    name: str
    route: str
    """As the client's table of addresses writes it."""
    path: str
    """`{meeting}` and the like are filled in by the town."""
    who: Who = "nobody"
    awaits: str = "h1, [role=dialog], main button"
    """What is there once it is drawn."""


SCREENS = (
    Screen("home", "/", "/"),
    Screen("dashboard", "/", "/", "teacher", PLANS),
    Screen("dashboard-empty", "/", "/", "newcomer", PLANS),
    Screen("test", "/test", "/test", awaits="h2"),
    Screen("privacy", "/privacy", "/privacy", awaits="h2"),
    Screen("signin", "/signin", "/signin"),
    Screen("signin-help", "/signin/help", "/signin/help"),
    Screen("signup", "/signup", "/signup"),
    Screen("setup-refused", "/setup", "/setup#t=wrong"),
    Screen("verify-expired", "/verify", "/verify#t=expired"),
    Screen("reset", "/reset", "/reset#t=expired"),
    Screen("answer-expired", "/answer", "/answer#t=expired"),
    Screen("invite-expired", "/invite", "/invite#t=expired"),
    Screen("plan", "/meetings/new", "/meetings/new", "teacher", "[role=dialog]"),
    Screen("plan-again", "/meetings/:id/edit", "/meetings/{meeting}/edit", "teacher", "[role=dialog]"),
    Screen("meeting", "/meetings/:id", "/meetings/{meeting}", "teacher"),
    Screen("meeting-of-others", "/meetings/:id", "/meetings/{meeting}", "newcomer"),
    Screen("meeting-past", "/meetings/:id", "/meetings/{held}?n=1", "teacher", "table"),
    Screen("meeting-handed", "/meetings/:id", "/meetings/{handed}", "colleague", HANDED),
    Screen("dashboard-handed", "/", "/", "colleague", HANDED),
    *(
        Screen(f"settings-{tab}", "/settings/:tab?", f"/settings/{tab}", "teacher", LATEST.get(tab, "h1"))
        for tab in SETTINGS
    ),
    *(Screen(f"org-{tab}", "/org/:tab?/:item?", f"/org/{tab}", "teacher") for tab in ORGANISATION),
    Screen("org-none", "/org/:tab?/:item?", "/org/people", "newcomer"),
    *(Screen(f"operator-{tab}", OPERATED, f"/operator/{tab}", "teacher") for tab in OPERATOR),
    Screen("operator-plans", OPERATED, "/operator/plans", "teacher"),
    Screen("operator-usage", OPERATED, "/operator/usage", "teacher", "table"),
    Screen("operator-customer", OPERATED, "/operator/plans/{org}", "teacher", "table"),
    Screen("operator-invoice", OPERATED, "/operator/plans/{org}/{invoice}", "teacher", "article"),
    Screen("org-invoice", "/org/:tab?/:item?", "/org/plan/{invoice}", "teacher", "article"),
    Screen("operator-growth", OPERATED, "/operator/growth", "teacher", "table"),
    Screen("operator-refused", OPERATED, "/operator/overview", "newcomer"),
    Screen("not-found", "*", "/nothing-here"),
)

KEPT = {
    "prejoin-light": "before-joining", "D2-blocked-light": "devices-blocked", "waiting-light": "waiting-room",
    "room-dark": "a-meeting", "room-people-dark": "people",
}  # fmt: skip
"""Pictures of the guides, by the names they have there: English, on a desk."""
KEPT_BYTES = 60_000

IN_A_MEETING = (
    "prejoin", "waiting", "room-knock", "room", "room-chat", "room-people", "room-muted", "room-keys", "left", "at-once", "at-once-start",
)  # fmt: skip
"""What a meeting's own address shows, one after the other."""

BRANDED = ("branded-prejoin", "branded-waiting", "branded-room", "branded-left")
"""A meeting of an organisation with a logo, as a guest sees it."""
