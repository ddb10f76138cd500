import { expect, test } from "vitest";

import { Arrivals, readingOf } from "./arrival";

test("reports that go on coming say that the sound arrives", () => {
  const arrivals = new Arrivals();
  expect(arrivals.read({ sent: 10, reportedAt: undefined, lost: 0 }, 0)).toBe("unknown");
  expect(arrivals.read({ sent: 110, reportedAt: 1900, lost: 0 }, 2000)).toBe("arrives");
});

test("sound that nobody reports for five seconds is lost, and the next report brings it back", () => {
  const arrivals = new Arrivals();
  arrivals.read({ sent: 100, reportedAt: 1000, lost: 0 }, 1000);
  expect(arrivals.read({ sent: 200, reportedAt: 1000, lost: 0 }, 3000)).toBe("arrives");
  expect(arrivals.read({ sent: 300, reportedAt: 1000, lost: 0 }, 6000)).toBe("lost");
  expect(arrivals.read({ sent: 400, reportedAt: 7900, lost: 0 }, 8000)).toBe("arrives");
});

test("where nothing is sent, nothing is missed", () => {
  const arrivals = new Arrivals();
  arrivals.read({ sent: 100, reportedAt: 1000, lost: 0 }, 1000);
  expect(arrivals.read({ sent: 100, reportedAt: 1000, lost: 0 }, 60_000)).toBe("arrives");
});

test("a moment of loss is not worth a word, five seconds of it are", () => {
  const arrivals = new Arrivals();
  arrivals.read({ sent: 100, reportedAt: 1000, lost: 0 }, 1000);
  expect(arrivals.read({ sent: 200, reportedAt: 3000, lost: 0.5 }, 3000)).toBe("arrives");
  expect(arrivals.read({ sent: 300, reportedAt: 5000, lost: 0 }, 5000)).toBe("arrives");
  expect(arrivals.read({ sent: 400, reportedAt: 7000, lost: 0.4 }, 7000)).toBe("arrives");
  expect(arrivals.read({ sent: 500, reportedAt: 12_000, lost: 0.4 }, 12_000)).toBe("gaps");
});

test("the browser's statistics are read by their types", () => {
  const stats = [
    { type: "codec" },
    { type: "outbound-rtp", packetsSent: 42 },
    { type: "remote-inbound-rtp", timestamp: 7, fractionLost: 0.25 },
  ];
  expect(readingOf(stats)).toEqual({ sent: 42, reportedAt: 7, lost: 0.25 });
});
