"""A worker of the livekit-agents framework with the smallest program there is: it comes in and says something.

python agent_worker.py start      with LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET
"""

from __future__ import annotations

import asyncio
import os

from livekit.agents import JobContext, WorkerOptions, cli  # type: ignore[import-not-found, import-untyped, unused-ignore]


async def serve(job: JobContext) -> None:
    await job.connect()
    words = f"here I am, for {job.job.metadata or 'anybody'}"
    while True:
        await job.room.local_participant.publish_data(words, reliable=True, topic="agent")
        await asyncio.sleep(0.5)


if __name__ == "__main__":
    name = os.environ.get("AGENT_NAME", "")
    cli.run_app(WorkerOptions(entrypoint_fnc=serve, agent_name=name, num_idle_processes=1, port=0))
