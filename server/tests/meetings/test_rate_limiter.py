"""Who guesses, who mistypes, and who knows."""

from __future__ import annotations

import heapq
from itertools import pairwise

from folkmoot.meetings.rate_limiter import ATTACK, MOST_KEYS, PAUSE_S, RateLimiter

NUMBER = "123456789012"


def test_one_network_has_about_a_thousand_guesses_an_hour_whatever_devices_it_says() -> None:
    limiter = RateLimiter()
    now, looked_at, device = 0.0, 0, 0
    while now < 3600:
        device += 1
        wait = limiter.attempt(NUMBER, "198.51.100.1", f"d{device}", now)
        looked_at += not wait
        now += wait or 0.001
    assert looked_at <= 200 + 3600 / PAUSE_S + 1


def test_one_network_at_many_numbers_is_slowed_too() -> None:
    limiter = RateLimiter()
    looked_at = sum(not limiter.attempt(f"{n:012}", "198.51.100.1", "", 0) for n in range(1000))
    assert looked_at == 400
    assert limiter.attempt("1" * 12, "198.51.100.1", "", 0) <= 2, "who knows waits seconds"


def test_a_number_under_attack_from_everywhere_lets_in_who_comes_twice() -> None:
    limiter = RateLimiter()
    for n in range(ATTACK):
        assert not limiter.attempt(NUMBER, f"198.51.{n}.1", "", 0)
    assert limiter.under_attack(NUMBER, 0)
    assert limiter.attempt(NUMBER, "203.0.113.1", "ada", 0) == PAUSE_S
    assert limiter.attempt(NUMBER, "203.0.113.1", "ada", PAUSE_S) == 0
    limiter.right(NUMBER, "203.0.113.1", "ada")
    assert not limiter.under_attack("210987654321", 0)
    assert not limiter.under_attack(NUMBER, 3600)


def test_who_guesses_once_a_minute_for_ever_is_marked_within_the_hour() -> None:
    """Fifty an hour, spread as thin as they can be, from as many networks; and as long as it goes on."""
    limiter = RateLimiter()
    every = 3600 / ATTACK
    for n in range(5 * ATTACK):
        now = n * every
        assert limiter.under_attack(NUMBER, now) is (n >= ATTACK), n
        if limiter.attempt(NUMBER, f"198.51.{n}.1", "", now):
            limiter.attempt(NUMBER, f"198.51.{n}.1", "", now + PAUSE_S)
    assert limiter.under_attack(NUMBER, now + 60)
    assert not limiter.under_attack(NUMBER, now + 3600 + PAUSE_S)


def test_forty_nine_an_hour_are_no_attack() -> None:
    limiter = RateLimiter()
    every = 3600 / (ATTACK - 1)
    for n in range(5 * ATTACK):
        assert not limiter.attempt(NUMBER, f"198.51.{n}.1", "", n * every)
        assert not limiter.under_attack(NUMBER, n * every)


def test_five_wrong_ones_of_a_network_are_free_then_each_device_has_one_in_five_seconds() -> None:
    """Exactly as promised, second by second."""
    for devices in (["one"], ["one", "two", "three"]):
        limiter = RateLimiter()
        passed: dict[str, list[float]] = {device: [] for device in devices}
        for now in range(40):
            for device in devices:
                if not limiter.attempt(NUMBER, "198.51.100.1", device, float(now)):
                    passed[device].append(now)
        for times in passed.values():
            assert {b - a for a, b in pairwise(times) if b > 5} == {5}, (devices, times)
        first = sum(at < 5 for times in passed.values() for at in times)
        assert first == 5, "five of the network, not of each device"


def test_a_school_that_knows_its_passcode_is_never_slowed() -> None:
    limiter = RateLimiter()
    for n in range(2000):
        assert not limiter.attempt(NUMBER, "198.51.100.1", f"d{n}", 0)
        limiter.right(NUMBER, "198.51.100.1", f"d{n}")


def test_a_school_where_one_in_twenty_mistypes_comes_in_within_minutes() -> None:
    """Two thousand within a minute; a hundred of them type it twice."""
    limiter = RateLimiter()
    coming = [(n * 0.03, n, 2 if n % 20 == 0 else 1) for n in range(2000)]
    late = []
    while coming:
        now, n, tries = heapq.heappop(coming)
        wait = limiter.attempt(NUMBER, "198.51.100.1", f"d{n}", now)
        if wait or tries > 1:
            heapq.heappush(coming, (now + (wait or 1), n, tries if wait else 1))
            continue
        limiter.right(NUMBER, "198.51.100.1", f"d{n}")
        late.append(now - n * 0.03)
    assert sorted(late)[len(late) // 2] <= 2 * PAUSE_S
    assert max(late) <= 300


def test_what_is_remembered_is_bounded() -> None:
    limiter = RateLimiter()
    for n in range(MOST_KEYS + 1000):
        limiter.attempt(f"{n:012}", f"2001:db8:{n >> 16:x}:{n & 0xFFFF:x}::1", f"d{n}", 0)
    assert len(limiter._here) == len(limiter._network) == len(limiter._wrong_of_number) == MOST_KEYS
    assert len(limiter._failed_at._times) == MOST_KEYS
