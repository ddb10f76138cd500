import { describe, expect, it, vi } from "vitest";

import { type Command, embed, type Outside, read, type Told } from "./embedded";

const OURS = "https://www.school.example";
const PARENT = {};

function framed(origin: string | undefined = OURS) {
  let hear: Parameters<Outside["listen"]>[0] = () => undefined;
  let changed = () => undefined as void;
  const told: Told = { at: "prejoin", muted: false, video: false };
  const done: Command[] = [];
  const post = vi.fn();
  const end = embed(
    [OURS],
    { parent: PARENT, origin, post, listen: (heard) => ((hear = heard), () => (hear = () => undefined)) },
    {
      told: () => ({ ...told }),
      follow: (follows) => ((changed = follows), () => (changed = () => undefined)),
      act: (command) => done.push(command),
    },
  );
  return {
    told,
    done,
    post,
    end,
    changes: () => changed(),
    says: (data: unknown, from: { source?: unknown; origin?: string } = {}) =>
      hear({ source: PARENT, origin: OURS, ...from, data }),
  };
}

describe("a page around a meeting", () => {
  it("is told where one is, and again when that changes", () => {
    const frame = framed();
    expect(frame.post).toHaveBeenLastCalledWith(
      { folkmoot: "state", at: "prejoin", muted: false, video: false },
      OURS,
    );
    frame.changes();
    expect(frame.post).toHaveBeenCalledTimes(1);
    frame.told.at = "meeting";
    frame.changes();
    expect(frame.post).toHaveBeenCalledTimes(2);
  });

  it("says what shall be done", () => {
    const frame = framed();
    frame.says({ folkmoot: "do", do: "join", name: "Ada" });
    frame.says({ folkmoot: "do", do: "mute" });
    expect(frame.done).toEqual([{ do: "join", name: "Ada" }, { do: "mute" }]);
  });

  it("is nobody where its origin isn't on the list, or it isn't the page around", () => {
    const frame = framed("https://evil.example");
    frame.says({ folkmoot: "do", do: "unmute" }, { origin: "https://evil.example" });
    frame.says({ folkmoot: "do", do: "unmute" }, { origin: "https://www.school.example.evil.example" });
    frame.says({ folkmoot: "do", do: "unmute" }, { origin: "null" });
    frame.says({ folkmoot: "do", do: "unmute" }, { source: {} });
    frame.changes();
    expect(frame.done).toEqual([]);
    expect(frame.post).not.toHaveBeenCalled();
  });

  it("whose browser doesn't say who it is says hello first", () => {
    const frame = framed("");
    expect(frame.post).not.toHaveBeenCalled();
    frame.says({ folkmoot: "hello" });
    expect(frame.post).toHaveBeenCalledTimes(1);
    frame.end();
    frame.says({ folkmoot: "do", do: "leave" });
    expect(frame.done).toEqual([]);
  });

  it("is told again when it says hello: it may have begun to listen just now", () => {
    const frame = framed();
    expect(frame.post).toHaveBeenCalledTimes(1);
    frame.says({ folkmoot: "hello" });
    expect(frame.post).toHaveBeenCalledTimes(2);
  });

  it.each([null, 7, "mute", {}, { folkmoot: "do" }, { folkmoot: "do", do: "eval" }, { do: "mute" }])(
    "is not understood when it says %j",
    (data) => expect(read(data)).toBeUndefined(),
  );

  it("passes no more than a name and a passcode, of a length", () => {
    expect(read({ folkmoot: "do", do: "join", name: "x".repeat(201), passcode: 7, more: 1 })).toEqual({
      do: "join",
    });
  });
});
