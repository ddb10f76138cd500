"""Questions that hosts put to everybody: named or anonymous, open until a moment or until a host closes them.

Law: of an anonymous poll nothing that is stored or sent joins a voter to a choice. What is kept are two separate facts:
that somebody voted (theirs), and the sum of all choices (nobody's, and the sum before it is erased). So nobody, the voter
neither, can take such a vote back, and sums are shown only when the poll is closed.
"""

from folkmoot.capabilities.polls.feature import feature

__all__ = ["feature"]
