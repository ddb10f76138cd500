import { expect, it } from "vitest";

import { factsOf, suited } from "./facts";
import { detailsOf } from "./details";
import { type Leg, type LineFound, pathOf, verdictOf } from "./line";
import { initialDevices } from "../devices/state";

const quick: Leg = { rttMs: 20, loss: 0 };
const tried = (udp: Leg | null, tcp: Leg | null): LineFound => ({ at: "tried", udp, tcp });

it.each([
  ["good", tried(quick, quick)],
  ["udp-only", tried(quick, null)],
  ["tcp-only", tried(null, quick)],
  ["blocked", tried(null, null)],
  ["slow", tried({ rttMs: 300, loss: 0 }, quick)],
  ["good", tried({ rttMs: 299, loss: 0.049 }, { rttMs: 900, loss: 0 })],
  ["lossy", tried({ rttMs: 900, loss: 0.05 }, quick)],
  ["lossy", tried(null, { rttMs: 20, loss: 0.2 })],
  ["good", tried({ rttMs: undefined, loss: undefined }, quick)],
  ["no-signal", { at: "no-signal" }],
  ["unreachable", { at: "unreachable" }],
  ["refused", { at: "refused", retryAfterS: 4 }],
] as const)("%s: what the way that a call would take is like decides", (verdict, found) => {
  expect(verdictOf(found)).toBe(verdict);
});

const reports = [
  { id: "T", type: "transport", selectedCandidatePairId: "P2" },
  {
    id: "P1",
    type: "candidate-pair",
    nominated: true,
    state: "succeeded",
    localCandidateId: "L1",
    currentRoundTripTime: 9,
  },
  {
    id: "P2",
    type: "candidate-pair",
    nominated: true,
    state: "succeeded",
    localCandidateId: "L2",
    currentRoundTripTime: 0.0421,
  },
  { id: "L1", type: "local-candidate", protocol: "udp" },
  { id: "L2", type: "local-candidate", protocol: "tcp" },
  { id: "O", type: "outbound-rtp", packetsSent: 200 },
  { id: "R", type: "remote-inbound-rtp", packetsLost: 10 },
];

it("the pair in use is read, not one that was left", () => {
  expect(pathOf(reports)).toEqual({ protocol: "tcp", leg: { rttMs: 42, loss: 0.05 } });
});

it("a browser that names no pair is believed its nominated one", () => {
  expect(pathOf(reports.filter(({ id }) => id !== "T" && id !== "P2")).protocol).toBe("udp");
});

it("losses of which nobody has told yet are unknown, not none; more came than was sent is none", () => {
  const sent = { id: "O", type: "outbound-rtp", packetsSent: 200 };
  expect(pathOf([sent]).leg.loss).toBeUndefined();
  expect(pathOf([sent, { id: "R", type: "remote-inbound-rtp", packetsLost: -3 }]).leg.loss).toBe(0);
  expect(pathOf([])).toEqual({ protocol: undefined, leg: { rttMs: undefined, loss: undefined } });
});

const firefox = {
  userAgent: "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
  isSecure: true,
  has: { peerConnection: true, displayMedia: true, sinkId: false },
};

it("https is told before age: without it nothing can be said of the browser", () => {
  expect(suited(factsOf(firefox))).toBe("fit");
  const bare = { ...firefox.has, peerConnection: false };
  expect(suited(factsOf({ ...firefox, has: bare }))).toBe("too-old");
  expect(suited(factsOf({ ...firefox, has: bare, isSecure: false }))).toBe("insecure");
});

it("the details name no device: people name theirs after themselves", () => {
  const devices = initialDevices({
    microphoneOn: true,
    cameraOn: true,
    microphoneId: "secret-id",
    cameraId: null,
    speakerId: null,
  });
  const microphone = {
    ...devices.microphone,
    status: "live" as const,
    label: "Anna's headset",
    choices: [{ id: "secret-id", label: "Anna's headset" }],
  };
  const text = detailsOf({
    at: "2026-11-28T09:00:00Z",
    host: "meet.example",
    version: "1.2.3",
    facts: factsOf(firefox),
    devices: { ...devices, microphone },
    heard: false,
    line: tried(null, { rttMs: 42, loss: 0.021 }),
  });
  expect(text).toContain("Microphone: works; 1 found");
  expect(text).toContain("Firefox 140 on Windows");
  expect(text).toContain("Speaker: tone was not heard");
  expect(text).toContain("Network: tcp-only\n  UDP: nothing came through\n  TCP: round trip 42 ms, loss 2 %");
  expect(text).not.toMatch(/Anna|secret-id/);
});
