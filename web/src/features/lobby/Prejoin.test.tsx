import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { createDevices, type DeviceStore, type MediaPort } from "../../core/devices/devices";
import type { FieldNotice } from "../../core/journey/journey";
import { activate } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { Prejoin, type PrejoinProps } from "./Prejoin";

const remembered = {
  microphoneOn: true,
  cameraOn: true,
  microphoneId: null,
  cameraId: null,
  speakerId: null,
};
const onJoin = vi.fn<(name: string, passcode: string | undefined) => void>();

/** A browser that answers every wish for a device in one way. */
function refusing(answer: DOMException | "never"): DeviceStore {
  const media = Object.assign(new EventTarget(), {
    getUserMedia: () => (answer === "never" ? new Promise(() => {}) : Promise.reject(answer)),
    enumerateDevices: async () => [],
  });
  return createDevices(media as unknown as MediaPort, remembered);
}

async function open(devices: DeviceStore, change: Partial<PrejoinProps> = {}) {
  const props: PrejoinProps = {
    devices,
    number: "123456789012",
    title: "",
    isHost: false,
    name: "Ada",
    asksPasscode: false,
    canJoin: true,
    joining: false,
    slow: false,
    notice: null,
    onName: () => {},
    onJoin,
    ...change,
  };
  render(
    <LanguageProvider>
      <Prejoin {...props} />
    </LanguageProvider>,
  );
  await act(async () => {
    void devices.open();
  });
}

const denied = (message = "Permission denied") => new DOMException(message, "NotAllowedError");
const joinButton = () => document.querySelector<HTMLButtonElement>("form button[type=submit]");
const filled = () =>
  [...document.querySelectorAll("[data-look=primary]")].map((button) => button.textContent);

beforeAll(() => activate("en"));
beforeEach(() => onJoin.mockClear());

describe("what stands in the way is told in the preview's place", () => {
  it("D12: in a browser inside an app that has no devices, with the link for one that has", async () => {
    const copied = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await open(createDevices(undefined, remembered, "unsupported"));
    screen.getByText("This app's built-in browser can't use the microphone.");
    expect(joinButton()?.textContent).toBe("Join and listen");
    fireEvent.click(await screen.findByRole("button", { name: "Copy link" }));
    expect(copied).toHaveBeenCalledWith(location.href);
    expect(filled()).toHaveLength(1);
  });

  it.each([
    [denied(), "Your browser is blocking the microphone and camera.", "Join and listen", ["Try again"]],
    [
      denied("denied by system"),
      / is blocking the microphone and camera for this browser\./,
      "Join and listen",
      ["Try again"],
    ],
    [
      new DOMException("", "NotReadableError"),
      "Another app is using the microphone and camera.",
      "Join and listen",
      ["Try again"],
    ],
    [
      new DOMException("", "NotFoundError"),
      "No microphone and camera found.",
      "Join and listen",
      ["Join and listen"],
    ],
  ])("%s", async (error, words, label, fills) => {
    await open(refusing(error));
    expect(screen.getByText(words)).toBeTruthy();
    expect(joinButton()?.textContent).toBe(label);
    expect(filled()).toEqual(fills);
  });

  it("a page without https", async () => {
    await open(createDevices(undefined, remembered));
    expect(screen.getByText(/This address isn't secure/)).toBeTruthy();
  });
});

it("a prompt that stays open is explained after a moment, and one may join without it", async () => {
  vi.useFakeTimers();
  await open(refusing("never"));
  expect(screen.queryByText(/^Allow the microphone/)).toBeNull();
  await act(() => vi.advanceTimersByTime(1000));
  expect(screen.getByText("Allow the microphone and camera.")).toBeTruthy();
  expect(joinButton()?.textContent).toBe("Join without");
  vi.useRealTimers();
  const form = document.querySelector("form");
  if (form) fireEvent.submit(form);
  expect(onJoin).toHaveBeenCalledWith("Ada", undefined);
});

describe("joining", () => {
  const submit = () => {
    const form = document.querySelector("form");
    if (form) fireEvent.submit(form);
  };

  it("tidies the name", async () => {
    await open(refusing(denied()), { name: "  Ada \u202e Lovelace " });
    submit();
    expect(onJoin).toHaveBeenCalledWith("Ada Lovelace", undefined);
  });

  it.each([
    ["   ", "Enter a name, so that others know who you are."],
    ["é".repeat(65), "That's too long. A name has up to 64 characters."],
  ])("refuses a name that does not do: %j", async (name, words) => {
    await open(refusing(denied()), { name });
    submit();
    expect(onJoin).not.toHaveBeenCalled();
    expect(screen.getByText(words)).toBeTruthy();
  });

  it("with a number needs the passcode", async () => {
    await open(refusing(denied()), { asksPasscode: true });
    submit();
    expect(onJoin).not.toHaveBeenCalled();
    expect(screen.getByText("Enter the passcode that came with the number.")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Passcode"), { target: { value: "８７６５ ４３２１" } });
    submit();
    expect(onJoin).toHaveBeenCalledWith("Ada", "87654321");
  });

  it.each<[FieldNotice, RegExp]>([
    [{ field: "passcode", code: "no_match" }, /don't match a meeting/],
    [
      { field: "passcode", code: "too_many_tries", retryAt: Date.UTC(2026, 0, 1) },
      /Too many tries\. Wait until/,
    ],
    [{ field: "name", code: "name.invalid" }, /can't be used here/],
  ])("tells at the field what the server refused: %j", async (notice, words) => {
    await open(refusing(denied()), { asksPasscode: true, notice });
    expect(screen.getByText(words)).toBeTruthy();
  });

  it("cannot be pressed twice", async () => {
    await open(refusing(denied()), { joining: true });
    submit();
    expect(onJoin).not.toHaveBeenCalled();
    expect(screen.getByText("Joining…")).toBeTruthy();
  });
});
