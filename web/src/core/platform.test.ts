import { expect, it } from "vitest";

import { browserName, systemName } from "./platform";

const edge =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
const iphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

it("names what a person would call it", () => {
  expect([systemName(edge), browserName(edge)]).toEqual(["Windows", "Edge"]);
  expect([systemName(iphone), browserName(iphone)]).toEqual(["iOS", "Safari"]);
  expect(systemName("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("Linux");
  expect([systemName("curl"), browserName("curl")]).toEqual(["other", "browser"]);
});
