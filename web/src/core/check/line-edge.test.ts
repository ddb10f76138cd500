import { beforeEach, expect, it, vi } from "vitest";

import type { LiveKit } from "../meeting/media/livekit";

import { type LineEdges, tryLine } from "./line-edge";

/** A server as a browser would meet it; which way it lets through is the scene's. */
class Line {
  signal = true;
  media = true;
  ways: ("udp" | "tcp")[] = ["udp", "tcp"];
  readonly closed = vi.fn<() => void>();
  readonly stopped = vi.fn<() => void>();
  readonly heard = new Map<string, () => void>();
  way: "udp" | "tcp" | undefined;

  room() {
    const sender = { getStats: async () => new Map(this.reports().map((each) => [each.id, each])) };
    return {
      on: (event: string, run: () => void) => this.heard.set(event, run),
      once: (event: string, run: () => void) => this.heard.set(event, run),
      connect: async () => {
        if (!this.signal) throw new Error("no socket");
        this.heard.get("signalConnected")?.();
        if (!this.media) throw new Error("no media");
        this.way = this.ways[0];
      },
      disconnect: async () => this.closed(),
      simulateScenario: async () => {
        if (!this.ways.includes("tcp")) return;
        this.way = "tcp";
        this.heard.get("reconnected")?.();
      },
      localParticipant: {
        publishTrack: async () => undefined,
        trackPublications: new Map([["TR", { track: { sender } }]]),
      },
    };
  }

  reports() {
    return [
      {
        id: "P",
        type: "candidate-pair",
        nominated: true,
        state: "succeeded",
        localCandidateId: "L",
        currentRoundTripTime: 0.03,
      },
      { id: "L", type: "local-candidate", protocol: this.way },
    ];
  }
}

let line: Line;
beforeEach(() => {
  line = new Line();
});

function edges(more: Partial<LineEdges> = {}): LineEdges {
  const livekit = {
    Room: function Room() {
      return line.room();
    },
    RoomEvent: { SignalConnected: "signalConnected", Reconnected: "reconnected" },
    Track: { Source: { Microphone: "microphone" } },
  };
  return {
    ask: async () => ({ kind: "ok", value: { token: "t", ear: "e" } }),
    url: "wss://meet.example",
    // Time passes once everything that can happen has happened.
    after(_ms, run) {
      const timer = setTimeout(run, 0);
      return () => clearTimeout(timer);
    },
    load: async () => livekit as unknown as LiveKit,
    sound: () => ({ track: {} as MediaStreamTrack, stop: line.stopped }),
    ...more,
  };
}

const leg = { rttMs: 30, loss: undefined };

it("both ways are tried, and nothing stays open", async () => {
  expect(await tryLine(edges())).toEqual({ at: "tried", udp: leg, tcp: leg });
  expect(line.closed).toHaveBeenCalledOnce();
  expect(line.stopped).toHaveBeenCalledOnce();
});

it("where UDP doesn't come through, what was made is by TCP already", async () => {
  line.ways = ["tcp"];
  expect(await tryLine(edges())).toEqual({ at: "tried", udp: null, tcp: leg });
});

it("a second way that never comes back is none, and the first still counts", async () => {
  line.ways = ["udp"];
  expect(await tryLine(edges())).toEqual({ at: "tried", udp: leg, tcp: null });
  expect(line.closed).toHaveBeenCalledOnce();
});

it("a signal without media is a network that blocks calls; no signal is told apart", async () => {
  line.media = false;
  expect(await tryLine(edges())).toEqual({ at: "tried", udp: null, tcp: null });
  line.signal = false;
  line.heard.clear();
  expect(await tryLine(edges())).toEqual({ at: "no-signal" });
  expect(line.stopped).toHaveBeenCalledTimes(2);
});

it("a server that refuses says when to come again; one that is gone is gone", async () => {
  const refusal = { code: "request.too_many", params: { retry_after_s: 7 } };
  expect(await tryLine(edges({ ask: async () => ({ kind: "refused", refusal }) }))).toEqual({
    at: "refused",
    retryAfterS: 7,
  });
  expect(await tryLine(edges({ ask: async () => ({ kind: "unreachable" }) }))).toEqual({ at: "unreachable" });
  const lost = edges({ load: async () => Promise.reject(new Error("no chunk")) });
  expect(await tryLine(lost)).toEqual({ at: "unreachable" });
});
