"""How many files this process may have open: everybody in a meeting is two sockets, and up to four where media goes by TCP.

Law: raised before the engine starts, which bounds its connections by what it finds. Shells and unit files allow 1024 for
the sake of programs that use select(2); none here does.
"""

from __future__ import annotations

import resource

ENOUGH = 65_536


def allow_many_files() -> int:
    """Takes what the system lets us have, and tells how many that is."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, hard = (ENOUGH if limit == resource.RLIM_INFINITY else limit for limit in limits)
    wanted = max(soft, min(hard, ENOUGH))
    if wanted > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, limits[1]))
    return wanted
