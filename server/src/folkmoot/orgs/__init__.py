"""People together: an organisation, its members and groups, its domains, the rules of its meetings.

Law: joining takes nothing from anybody, and nobody is moved unasked. An outsider sees nobody, and not whether there is somebody;
who was only asked is a number. An organisation is never without an owner. Rules are floors: the strictest that was said holds, and
who said it is known. Everything that is done here is in the audit, which holds ids and no names.

Nothing here knows meetings: they ask for the floor, and hear of changes on the bus (`events`).
"""

from folkmoot.orgs.events import DomainVerified, MemberJoined, MemberLeft, OrgDeleted, RulesChanged
from folkmoot.orgs.floors import RULES, Decided, Floor
from folkmoot.orgs.following import Following
from folkmoot.orgs.model import OrgId, Role
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.routes import router
from folkmoot.orgs.ruling import floor_of

__all__ = [
    "RULES",
    "Decided",
    "DomainVerified",
    "Floor",
    "Following",
    "MemberJoined",
    "MemberLeft",
    "OrgDeleted",
    "OrgId",
    "Orgs",
    "Role",
    "RulesChanged",
    "floor_of",
    "router",
]
