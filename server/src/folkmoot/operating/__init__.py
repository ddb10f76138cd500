"""Running the server: what its operator sees and decides, on the page, by the API and in the shell.

Law: an operator sees counts and the names of accounts, never what is in a meeting, nor who. What they do with people is noted in the
audit, in the transaction that does it. Their pages want somebody who has proven in the last ten minutes who they are.
"""

from folkmoot.operating.checks import Finding, found
from folkmoot.operating.operating import Operating, Page, Parts
from folkmoot.operating.routes import open_router, router

__all__ = ["Finding", "Operating", "Page", "Parts", "found", "open_router", "router"]
