import { describe, expect, it } from "vitest";

import { allZones, differs, momentOf, nameZone, wallClock } from "./zones";

const november = Date.parse("2026-11-30T06:00:00Z");

it("a zone is called in the reader's language, with its offset of that moment", () => {
  expect(nameZone("Asia/Shanghai", "zh-CN", november)).toMatchObject({
    name: "中国标准时间",
    offset: "UTC+8",
  });
  expect(nameZone("America/New_York", "en", november)).toMatchObject({ city: "New York", offset: "UTC-5" });
  expect(nameZone("America/New_York", "en", Date.parse("2026-07-01T00:00Z")).offset).toBe("UTC-4");
});

it.each([
  ["UTC", "UTC", "UTC"],
  ["Etc/UTC", "UTC", "UTC"],
  ["Etc/GMT-8", "UTC+8", "UTC+8"],
  ["Europe/London", "London UTC+0", "United Kingdom Time (UTC+0)"],
  ["Asia/Shanghai", "Shanghai UTC+8", "China Standard Time (UTC+8)"],
])("%s is written as people do, and says nothing twice", (id, short, long) => {
  expect(nameZone(id, "en", november)).toMatchObject({ short, long });
});

it("two zones whose clocks agree are one", () => {
  expect(differs("Europe/Berlin", "Europe/Paris", november)).toBe(false);
  expect(differs("Europe/Berlin", "Asia/Shanghai", november)).toBe(true);
});

it("an own zone with an older name is among all of them, one that there is not isn't", () => {
  expect(allZones("Asia/Calcutta")).toContain("Asia/Calcutta");
  expect(allZones("Mars/Olympus")).not.toContain("Mars/Olympus");
});

describe("the moment of a local time", () => {
  it("is the one at which its clocks show it", () => {
    expect(momentOf("2026-11-30T14:00", "Asia/Shanghai")).toBe(november);
    expect(wallClock("Asia/Shanghai", november)).toBe("2026-11-30T14:00");
  });

  it("stays the same local time over a change of the clocks", () => {
    const before = momentOf("2027-03-08T09:00", "America/New_York");
    const after = momentOf("2027-03-15T09:00", "America/New_York");
    expect(after - before).toBe(7 * 86_400_000 - 3_600_000);
  });

  it("is later in the hour that is left out, and the first in the one that comes twice", () => {
    expect(wallClock("Europe/Berlin", momentOf("2027-03-28T02:30", "Europe/Berlin"))).toBe(
      "2027-03-28T03:30",
    );
    expect(momentOf("2026-10-25T02:30", "Europe/Berlin")).toBe(Date.parse("2026-10-25T00:30:00Z"));
  });
});
