"""The live room: participants, their tracks, who may do what, who is subscribed to what, and how each is told.

Law: a room is a state machine. What comes in (a request, an engine event, a timer) comes with the moment it came at;
what follows is calls on the engine's port, whose answers are part of the decision, and a list of outputs. No socket, no
clock, no task in here but in `shell`, which carries outputs out; `live` is what doors and meetings see. A participant is
announced to others when it is ACTIVE, or as one who is JOINED when its media takes longer than some seconds; a track no
sooner than its section was negotiated and published in the engine. Media never reaches a client that hasn't been told
whose it is.

How things die: a participant leaves by its own word, by `remove`, by a newer one of the same identity, when its media
connection fails, or when its signal was gone too long. Each way ends in `leaving.remove`. A room ends by `close`, or when
nobody but helpers was in it for a while.
"""
