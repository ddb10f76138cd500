"""Programs that serve rooms: which are there, what they were called to, who does it.

Law: a program comes to a room only as a participant, by a token that its job brings it; nothing here sees media. To a
meeting's room nobody comes uncalled, and who is called is seen there and can be removed. All of it is bounded.
"""

from folkmoot.agents.live import Agents

__all__ = ["Agents"]
