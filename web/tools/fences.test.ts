import { describe, expect, it } from "vitest";

import { breaches } from "./fences.js";

describe("the fences between folders", () => {
  it("let a feature use core, ui and i18n", () => {
    const source = `import { a } from "../../core/names";\nimport { Button } from "../../ui/Button";`;
    expect(breaches("features/home/Home.tsx", source)).toEqual([]);
  });

  it("keep features strangers to each other, also when loaded lazily", () => {
    expect(breaches("features/home/Home.tsx", `import { x } from "../chat/x";`)).toHaveLength(1);
    expect(breaches("features/home/Home.tsx", `const x = () => import("../chat/x");`)).toHaveLength(1);
    expect(breaches("features/home/Home.tsx", `import { x } from "./x";`)).toEqual([]);
  });

  it("keep React out of core", () => {
    expect(breaches("core/journey/journey.ts", `import { useState } from "react";`)).toHaveLength(1);
    expect(breaches("core/journey/journey.ts", `import type { A } from "../../ui/Button";`)).toHaveLength(1);
  });

  it("keep LiveKit where it belongs", () => {
    expect(breaches("features/lobby/x.ts", `import { Room } from "livekit-client";`)).toHaveLength(1);
    expect(breaches("core/meeting/session.ts", `import { Room } from "livekit-client";`)).toEqual([]);
  });
});
