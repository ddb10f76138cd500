"""The product's HTTP API: the slices' routers under one roof, refusals and faults in one shape.

Law: whatever goes wrong, the answer is `application/problem+json` as RFC 9457 has it, with our `code` and `params`, and
repeats nothing of what was sent. The document at `/api/openapi.json` has every address, and what each may answer.
"""

from folkmoot.rest.api import install
from folkmoot.rest.limits import Limited

__all__ = ["Limited", "install"]
