import { act } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import type { Trouble } from "../../core/meeting/media/state";
import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";
import { showToast } from "../../ui/Toast";

import { Troubles } from "./Troubles";

vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

vi.mock("../../ui/Toast", async (real) => ({
  ...(await real<typeof import("../../ui/Toast")>()),
  showToast: vi.fn(() => () => undefined),
}));

const troubles: [Trouble, RegExp, RegExp][] = [
  [
    { device: "microphone", what: "unplugged", label: "Red" },
    /was disconnected\. Nobody can hear you\./,
    /麦克风/,
  ],
  [{ device: "camera", what: "unplugged", label: "Red" }, /Your camera was disconnected\./, /摄像头/],
  [
    { device: "microphone", what: "unplugged", label: "Red", instead: "Blue" },
    /Red was disconnected\. Now using Blue\./,
    /Blue/,
  ],
  [{ device: "screen", what: "unplugged", label: "" }, /Sharing has ended\./, /共享/],
  [{ device: "microphone", what: "busy" }, /Another app is using the microphone\./, /麦克风/],
  [{ device: "camera", what: "busy" }, /Another app is using the camera\./, /摄像头/],
  [{ device: "camera", what: "blocked" }, /Your browser is blocking the camera\./, /摄像头/],
  [{ device: "microphone", what: "none" }, /No microphone found\./, /麦克风/],
  [{ device: "camera", what: "unknown" }, /The camera can't be used right now\./, /摄像头/],
  [{ device: "screen", what: "refused" }, /won't let this browser see the screen\./, /屏幕/],
  [{ device: "screen", what: "not_allowed" }, /Only hosts can share here\./, /主持人/],
];

test.each(troubles)(
  "%o is told in words, and one is in the meeting as before",
  async (trouble, english, chinese) => {
    for (const [language, words] of [
      ["en", english],
      ["zh-CN", chinese],
    ] as const) {
      await activate(language);
      await openCatalog("room");
      const room = new TestRoom().stands({});
      let tell: (trouble: Trouble) => void = () => undefined;
      vi.spyOn(room.session, "onTrouble").mockImplementation((told) => {
        tell = told;
        return () => undefined;
      });
      const { unmount } = room.draw(<Troubles />);
      act(() => tell(trouble));
      expect(vi.mocked(showToast).mock.lastCall?.[0].text).toMatch(words);
      expect(room.session.entry.get().at).toBe("in");
      unmount();
    }
  },
);
