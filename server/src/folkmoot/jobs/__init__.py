"""Work that must be done though the server ends meanwhile: mail to be sent, data to be erased.

Law: what was added in a transaction is done at least once if that transaction stands, and never if it doesn't; so who does it
bears a second time. A job that fails is tried again, later each time, for three days; then it stays, with why, for the operator.
One that hangs is ended and counts as failed. No kind waits for another.
"""

from folkmoot.jobs.queue import Jobs

__all__ = ["Jobs"]
