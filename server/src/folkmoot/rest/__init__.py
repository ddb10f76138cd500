"""The product's HTTP API: the slices' routers under one roof, refusals and faults in one shape.

Law: whatever goes wrong, the answer is `application/problem+json` `{code, message, params}`, and repeats nothing of what
was sent.
"""

from folkmoot.rest.api import install

__all__ = ["install"]
