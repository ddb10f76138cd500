// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";

import { type Audible, Sounds } from "./sounds";

/** A track whose element plays only once the browser lets it. */
function track(): Audible & { element: HTMLAudioElement; goes(event: "play" | "pause"): void } {
  const element = document.createElement("audio");
  let paused = true;
  Object.defineProperty(element, "paused", { get: () => paused });
  return {
    element,
    attach: () => element,
    detach: () => [element],
    goes(event) {
      paused = event === "pause";
      element.dispatchEvent(new Event(event));
    },
  };
}

describe("sounds", () => {
  it("are held back only while there is one that does not play", () => {
    const changed = vi.fn();
    const sounds = new Sounds(changed);
    expect(sounds.heldBack).toBe(false);
    const bo = track();
    sounds.play(bo);
    expect(sounds.heldBack).toBe(true);
    bo.goes("play");
    expect(sounds.heldBack).toBe(false);
    expect(changed).toHaveBeenCalledOnce();
    bo.goes("pause");
    expect(sounds.heldBack).toBe(true);
    sounds.clear();
  });

  it("that a phone call stopped are told, and go on with the next touch", () => {
    const sounds = new Sounds(vi.fn());
    const bo = track();
    const plays = vi.spyOn(bo.element, "play").mockResolvedValue();
    sounds.play(bo);
    expect(sounds.interrupted).toBe(false);
    bo.goes("play");
    bo.goes("pause");
    expect(sounds.interrupted).toBe(true);
    document.dispatchEvent(new Event("pointerdown"));
    expect(plays).toHaveBeenCalledOnce();
    bo.goes("play");
    expect(sounds.interrupted).toBe(false);
    document.dispatchEvent(new Event("pointerdown"));
    expect(plays).toHaveBeenCalledOnce();
    sounds.clear();
  });

  it("leave nothing on the page, and say nothing afterwards", () => {
    const changed = vi.fn();
    const sounds = new Sounds(changed);
    const [bo, cai] = [track(), track()];
    for (const each of [bo, cai]) sounds.play(each);
    sounds.silence(bo);
    expect(document.querySelectorAll("audio")).toHaveLength(1);
    sounds.clear();
    expect(document.querySelectorAll("audio")).toHaveLength(0);
    bo.goes("pause");
    expect(changed).not.toHaveBeenCalled();
    expect(sounds.heldBack).toBe(false);
  });
});
