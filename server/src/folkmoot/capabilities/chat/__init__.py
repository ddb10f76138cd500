"""What people write to each other in a meeting: to everybody, or to one person.

Law: a private message is seen by its writer and its addressee, by nobody else, hosts included; an answer to it too. Text is
kept as it was written and is never markup. What was deleted or written anew is erased: words have no history. A file is seen by
whom its message is for, while they are in the meeting, and goes with its message.
"""

from folkmoot.capabilities.chat.feature import feature

__all__ = ["feature"]
