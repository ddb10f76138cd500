import { expect, test } from "vitest";

import { between, counted, reasonOf, type Report, type Span } from "./numbers";
import { told, untold, weakest } from "./story";

test("who was weak how long is told by name, the longest first; a moment is not", () => {
  let story = told(untold, { weak: ["bo", "cy"], isGone: false }, 0);
  story = told(story, { weak: ["bo"], isGone: false }, 10_000);
  story = told(story, { weak: ["bo", "di"], isGone: false }, 20_000);
  expect(weakest(story, 21_000)).toEqual([
    { id: "bo", ms: 21_000 },
    { id: "cy", ms: 10_000 },
  ]);
  story = told(story, { weak: [], isGone: false }, 30_000);
  expect(weakest(story, 99_000)[0]).toEqual({ id: "bo", ms: 30_000 });
});

test("an outage is one, however often it is looked at, and there are never too many", () => {
  let story = untold;
  for (const at of [0, 1000, 4000]) story = told(story, { weak: [], isGone: at < 4000 }, at);
  expect(story.outages).toEqual([{ at: 0, ms: 4000 }]);
  for (let at = 10_000; at < 90_000; at += 1000)
    story = told(story, { weak: [], isGone: at % 2000 === 0 }, at);
  expect(story.outages).toHaveLength(20);
});

const sent = (packetsSent: number, packetsLost: number): Report[] => [
  { id: "o", type: "outbound-rtp", packetsSent, bytesSent: packetsSent * 100 },
  { id: "r", type: "remote-inbound-rtp", packetsLost },
  { id: "p", type: "candidate-pair", nominated: true, currentRoundTripTime: 0.042, localCandidateId: "c" },
  { id: "c", type: "local-candidate", protocol: "udp" },
];
const heard = (packetsReceived: number, packetsLost: number): Report[] => [
  { type: "inbound-rtp", packetsReceived, packetsLost, bytesReceived: packetsReceived * 100 },
];

test("two readings make the numbers of the time between them", () => {
  const before = counted(sent(100, 0), new Map([["bo", heard(100, 0)]]), 0);
  const now = counted(sent(200, 5), new Map([["bo", heard(190, 10)]]), 1000);
  expect(between(before, now)).toMatchObject({
    rttMs: 42,
    protocol: "udp",
    sendLoss: 0.05,
    sendKbps: 80,
    people: { bo: { loss: 0.1 } },
  });
});

test("what begins anew has no past, and nothing is less than nothing", () => {
  const before = counted(sent(1000, 50), new Map([["bo", heard(1000, 50)]]), 0);
  const now = counted(
    sent(10, 0),
    new Map([
      ["bo", heard(10, 0)],
      ["cy", heard(500, 100)],
    ]),
    1000,
  );
  expect(between(before, now)).toMatchObject({
    sendLoss: 0,
    sendKbps: 0,
    people: { bo: { loss: 0 }, cy: { loss: 0 } },
  });
});

const good: Span = { rttMs: 40, protocol: "udp", sendLoss: 0, sendKbps: 1, receiveKbps: 1, people: {} };
const well = { loss: 0, gaps: 0, frozen: 0 };
const badly = { loss: 0.1, gaps: 0, frozen: 0 };

test.each([
  ["all is well", { ...good, people: { bo: well, cy: well } }, "good", []],
  ["what one sends is lost", { ...good, sendLoss: 0.08 }, "up", []],
  [
    "several come badly: it is one's own line",
    { ...good, people: { bo: badly, cy: badly, di: well } },
    "down",
    ["bo", "cy"],
  ],
  [
    "the only one comes badly: nobody can say whose line it is",
    { ...good, people: { bo: badly } },
    "either",
    ["bo"],
  ],
  [
    "one of several comes badly: it is theirs",
    { ...good, people: { bo: badly, cy: well } },
    "theirs",
    ["bo"],
  ],
  ["it takes long", { ...good, rttMs: 400 }, "slow", []],
  ["only by TCP", { ...good, protocol: "tcp" }, "tcp", []],
] as const)("%s", (_, span, reason, who) => {
  expect(reasonOf(span, new Set(), "me")).toEqual({ reason, who });
});

test.each([
  ["the only one, whose line the server sees to be weak", ["bo"], { bo: badly }, "theirs"],
  ["the only one, and it is one's own line that is weak", ["me"], { bo: badly }, "down"],
  ["both lines are weak", ["me", "bo"], { bo: badly }, "down"],
  [
    "several, whose lines are all weak while one's own isn't",
    ["bo", "cy"],
    { bo: badly, cy: badly },
    "theirs",
  ],
  ["several, and only one of them has a weak line", ["bo"], { bo: badly, cy: badly }, "down"],
] as const)("%s: the server's own view says whose line it is", (_, weak, people, reason) => {
  expect(reasonOf({ ...good, people }, new Set<string>(weak), "me").reason).toBe(reason);
});
