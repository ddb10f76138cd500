"""The door of the meeting channel: one WebSocket a person, JSON text frames, `folkmoot.meetings.messages`.

Law: this package decides nothing about a meeting. It carries frames, one after the other, and bounds them: their size, how
much waits for a reader. Who reads too slowly is cut and resumes.

Close codes: 4001 bad token, another ticket is needed · 4002 removed · 4003 ended · 4004 joined elsewhere · 4005 not let in, as
`denied` says · 4008 reads too slowly. 4002 to 4005 are final, but for a `denied` that says when to try again. 1000 left · 1003 binary · 1008 not our protocol · 1011 try again.
"""

from folkmoot.channel.routes import routes

__all__ = ["routes"]
