import { beforeEach, describe, expect, it } from "vitest";

import type { Answer, JoinRequest, JoinResult } from "../api/types";

import { createTravel, RETRY_MS, type Travel } from "./travel";

const inside: JoinResult = {
  participant: "p-1",
  role: "guest",
  name: "Ada",
  meeting: { number: "123456789012", title: "Weekly review", locked: false },
  channel_token: "c",
  rejoin: "r",
};

const refused = (code: string, params = {}): Answer<JoinResult> => ({
  kind: "refused",
  refusal: { code, params },
});

/** A server that answers as the scene says, and a clock that moves when told. */
class World {
  now = 1000;
  asked: JoinRequest[] = [];
  answer: Answer<JoinResult> = { kind: "ok", value: inside };
  alarms: { at: number; run: () => void }[] = [];
  readonly travel: Travel = createTravel(
    "123456789012",
    async (passcode) => (passcode ? { passcode } : { admission: "half" }),
    {
      api: {
        join: async (_number, request) => {
          this.asked.push(request);
          return this.answer;
        },
      },
      now: () => this.now,
      after: (ms, run) => {
        const alarm = { at: this.now + ms, run };
        this.alarms.push(alarm);
        return () => {
          this.alarms = this.alarms.filter((other) => other !== alarm);
        };
      },
    },
  );

  async join(passcode?: string) {
    this.travel.join("Ada", passcode);
    await this.settle();
  }

  async pass(ms: number) {
    this.now += ms;
    const due = this.alarms.filter((alarm) => alarm.at <= this.now);
    this.alarms = this.alarms.filter((alarm) => alarm.at > this.now);
    for (const alarm of due) alarm.run();
    await this.settle();
  }

  async settle() {
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});

describe("somebody with a link", () => {
  it("stops in prejoin, joins, leaves, and comes back through prejoin", async () => {
    expect(world.travel.get().at).toBe("prejoin");
    await world.join();
    expect(world.asked).toEqual([{ name: "Ada", admission: "half" }]);
    expect(world.travel.get()).toMatchObject({ at: "entering", since: 1000 });

    await world.pass(500);
    world.travel.stood({ at: "in" });
    expect(world.travel.get()).toMatchObject({ at: "meeting", since: 1500 });

    await world.pass(60_000);
    world.travel.departed({ reason: "left" });
    expect(world.travel.get()).toMatchObject({
      at: "left",
      title: "Weekly review",
      since: 1500,
      until: 61_500,
    });

    world.travel.back();
    expect(world.travel.get().at).toBe("prejoin");
  });

  it("finds a closed door, whatever closed it, and may try again", async () => {
    world.answer = refused("meeting.closed_door");
    await world.join();
    expect(world.travel.get()).toEqual({ at: "closed" });
    world.travel.back();
    expect(world.travel.get().at).toBe("prejoin");
  });

  it("is told that the name does not do, beside the name", async () => {
    world.answer = refused("name.invalid");
    await world.join();
    expect(world.travel.get()).toMatchObject({ at: "prejoin", notice: { field: "name" } });
  });
});

describe("somebody with a number", () => {
  it("is told when number and passcode do not match", async () => {
    world.answer = refused("meeting.no_match");
    await world.join("00000000");
    expect(world.asked[0]).toEqual({ name: "Ada", passcode: "00000000" });
    expect(world.travel.get()).toMatchObject({ notice: { field: "passcode", code: "no_match" } });
  });

  it("is told how long to wait after too many tries", async () => {
    world.answer = refused("meeting.too_many_tries", { retry_after_s: 90 });
    await world.join("00000000");
    expect(world.travel.get()).toMatchObject({ notice: { code: "too_many_tries", retryAt: 91_000 } });
  });
});

describe("a server that does not answer", () => {
  beforeEach(async () => {
    world.answer = { kind: "unreachable" };
    await world.join();
  });

  it("is asked again every few seconds, and then we are in", async () => {
    expect(world.travel.get()).toEqual({ at: "unreachable", lastTry: 1000 });
    await world.pass(RETRY_MS);
    expect(world.travel.get()).toMatchObject({ at: "unreachable", lastTry: 1000 + RETRY_MS });
    world.answer = { kind: "ok", value: inside };
    await world.pass(RETRY_MS);
    expect(world.travel.get().at).toBe("entering");
    expect(world.asked).toHaveLength(3);
  });

  it("is asked at once on request, and only once", async () => {
    world.answer = { kind: "ok", value: inside };
    world.travel.tryNow();
    await world.settle();
    expect(world.travel.get().at).toBe("entering");
    await world.pass(10 * RETRY_MS);
    expect(world.asked).toHaveLength(2);
  });

  it("is left alone when the page is closed", async () => {
    world.travel.close();
    await world.pass(10 * RETRY_MS);
    expect(world.asked).toHaveLength(1);
  });
});

describe("late events", () => {
  it("change nothing", async () => {
    world.travel.departed({ reason: "removed" });
    world.travel.back();
    world.travel.tryNow();
    expect(world.travel.get().at).toBe("prejoin");
    await world.join();
    world.travel.join("Ada");
    await world.settle();
    expect(world.asked).toHaveLength(1);
  });
});

it("somebody inside gets a fresh ticket, or is told why there is none", async () => {
  await world.join();
  expect(await world.travel.renew()).toEqual({ kind: "ok", value: inside });
  world.answer = refused("meeting.closed_door");
  expect(await world.travel.renew()).toEqual(refused("meeting.closed_door"));
});

describe("a meeting that hasn't started", () => {
  const early = refused("meeting.not_started", { starts_at: "2026-11-30T06:00:00Z", retry_after_s: 20 });

  it("is not asked again until one wants to wait, then as often as it says, and lets in when it starts", async () => {
    world.answer = early;
    await world.join();
    expect(world.alarms).toEqual([]);
    world.travel.wait();
    await world.pass(19_999);
    expect(world.asked).toHaveLength(1);
    await world.pass(1);
    expect(world.asked).toHaveLength(2);
    world.answer = { kind: "ok", value: inside };
    await world.pass(20_000);
    expect(world.travel.get()).toMatchObject({ at: "entering" });
    expect(world.alarms).toEqual([]);
  });

  it("goes on being waited for while the server is away", async () => {
    world.answer = early;
    await world.join();
    world.travel.wait();
    world.answer = { kind: "unreachable" };
    await world.pass(20_000);
    expect(world.travel.get()).toMatchObject({ at: "early", isWaiting: true });
    expect(world.alarms).toHaveLength(1);
  });

  it("is not waited for by who turned back", async () => {
    world.answer = early;
    await world.join();
    world.travel.wait();
    world.travel.back();
    await world.pass(60_000);
    expect([world.travel.get().at, world.asked.length]).toEqual(["prejoin", 1]);
  });
});
