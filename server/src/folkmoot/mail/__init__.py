"""Outgoing mail: written as values, queued with what they follow from, sent by SMTP.

Law: nothing waits for the mail server: a mail is a job in the transaction of what it tells of. Nothing that somebody typed
makes a header: what can't stand in one is refused where it came in. Every link leads to this server's own address, never to
one that a request named. Without a mail server there is no `Post`, and pages show the links to who may see them.
"""

from folkmoot.mail.letter import Letterhead
from folkmoot.mail.message import Message
from folkmoot.mail.post import Post
from folkmoot.mail.smtp import Smtp, SmtpSettings

__all__ = ["Letterhead", "Message", "Post", "Smtp", "SmtpSettings"]
