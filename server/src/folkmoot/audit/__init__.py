"""Who did what, kept so that nobody changes it unseen: not who has the database alone, not who restores an older one.

Law: entries are only ever added. Each carries the hash of the one before; the newest is MACed with a key that isn't in the
database, and written down beside it, outside. An entry holds ids and words of ours, never a name, an address or what somebody
typed: those sit where they can be erased. An entry stands if, and only if, what it tells of does.
"""

from folkmoot.audit.audit import Acting, Audit
from folkmoot.audit.chain import Entry, Fault

__all__ = ["Acting", "Audit", "Entry", "Fault"]
