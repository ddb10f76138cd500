"""SCIM 2.0 (RFC 7643, 7644): the organisation's own directory says who its people are, and in which groups.

Law: a directory speaks for proven domains of its own organisation alone, and makes no accounts: whom it names is expected, and is
a member when they sign up with that address; who had an account before is asked. Whom it switches off is out at once; their
account stays theirs. The protocol is a library's; what is here reads and writes our people.
"""

from folkmoot.orgs.scim.door import door

__all__ = ["door"]
