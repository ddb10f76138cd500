"""Who was there: off unless it was planned or a host switches it on, and then everybody sees that it is on.

Law: it notes coming and going, which the meeting's log has anyway, and who answers a check-in by hand. Whether somebody looks at the
page, speaks or attends is asked nowhere, and no page sends it.
"""

from folkmoot.capabilities.attendance.feature import feature

__all__ = ["feature"]
