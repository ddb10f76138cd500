import { expect, test } from "vitest";

import { Silence } from "./silence";

test("eight seconds without a sound are silence, one sound is enough to be none", () => {
  const silence = new Silence();
  expect(silence.hear(0, true, 0)).toBe("unknown");
  expect(silence.hear(0, true, 7900)).toBe("unknown");
  expect(silence.hear(0, true, 8000)).toBe("silent");
  expect(new Silence().hear(0.01, true, 0)).toBe("sound");
});

test("while one is muted nothing counts, and the time begins anew", () => {
  const silence = new Silence();
  silence.hear(0, true, 0);
  expect(silence.hear(0, false, 9000)).toBe("unknown");
  expect(silence.hear(0, true, 10_000)).toBe("unknown");
  expect(silence.hear(0, true, 17_000)).toBe("unknown");
});
