"""A short sign to everybody, and the raised hand.

Law: a reaction passes and is kept nowhere. Hands stay up, in the order in which they went up, until they are lowered or their
owner leaves.
"""

from folkmoot.capabilities.reactions.feature import feature

__all__ = ["feature"]
