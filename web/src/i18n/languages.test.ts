import { expect, it } from "vitest";

import { pickLocale } from "./languages";

it("a remembered choice wins over the browser's wishes", () => {
  expect(pickLocale("en", ["zh-CN"])).toBe("en");
  expect(pickLocale("xx", ["zh-CN"])).toBe("zh-CN");
});

it("the first language that we speak is taken, whatever its region", () => {
  expect(pickLocale(null, ["de-DE", "zh-Hant-TW", "en"])).toBe("zh-CN");
  expect(pickLocale(null, ["en-GB", "zh"])).toBe("en");
  expect(pickLocale(null, ["fr"])).toBe("en");
});
