"""An organisation under its own name: an address of its own that leads here (`meet.school.example`), and mails that are from it.

Law: both rest on a domain that it has proven, and on the service `branding` of its plan. An address of its own is for meetings: nobody
signs in there and no cookie of an account is taken there, since its DNS, and so its next owner, is somebody else's. Nobody is kept out
of a meeting by its end: whatever leads there is sent on to this server's own address for `model.LEAVING`, and links on that address
always work. What DNS doesn't say changes nothing.
"""

from folkmoot.outward.door import Door
from folkmoot.outward.known import Known
from folkmoot.outward.outward import Outward, Site
from folkmoot.outward.rounds import Rounds
from folkmoot.outward.routes import asking_router, operator_router, router

__all__ = ["Door", "Known", "Outward", "Rounds", "Site", "asking_router", "operator_router", "router"]
