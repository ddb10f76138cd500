from __future__ import annotations

import pytest

from ..meetings.house import House


@pytest.fixture
async def house() -> House:
    return House()
