import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";

import { factsOf } from "../../core/check/facts";
import type { LineFound } from "../../core/check/line";
import { createDevices } from "../../core/devices/devices";
import { timeOfDay } from "../../core/times";
import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { CheckPage } from "./check";

const NOW = Date.parse("2026-11-28T09:00:00Z");
const tryLine = vi.fn<() => Promise<LineFound>>();
const testSpeaker = vi.fn<(id: string | null) => Promise<void>>();
const off = { microphoneOn: false, cameraOn: false, microphoneId: null, cameraId: null, speakerId: "S" };
const has = { peerConnection: true, displayMedia: true, sinkId: true };

function open(isSecure = true) {
  render(
    <LanguageProvider>
      <CheckPage
        devices={createDevices(undefined, off, "insecure")}
        facts={factsOf({ userAgent: "Chrome/150.0", isSecure, has })}
        host="meet.example"
        version="1.2.3"
        now={() => NOW}
        tryLine={tryLine}
        testSpeaker={testSpeaker}
      />
    </LanguageProvider>,
  );
}

/** The part of this name, and the button that tries it. */
function tryPart(name: string) {
  const part = screen.getByRole("region", { name });
  const [button] = within(part).getAllByRole("button");
  if (button) fireEvent.click(button);
  return part;
}

beforeAll(async () => {
  await activate("en");
  await openCatalog("check");
});
beforeEach(() => {
  tryLine.mockReset();
  testSpeaker.mockReset().mockResolvedValue(undefined);
});

it("nothing is tried before it is asked for", () => {
  open();
  expect(tryLine).not.toHaveBeenCalled();
  expect(testSpeaker).not.toHaveBeenCalled();
  expect(screen.getByText("This browser is ready for meetings.")).toBeTruthy();
});

it("a network that lets only TCP through is told what that means and what to ask for", async () => {
  tryLine.mockResolvedValue({ at: "tried", udp: null, tcp: { rttMs: 42, loss: undefined } });
  open();
  const part = tryPart("Network");
  await waitFor(() => expect(part.textContent).toContain("Calls work, but only by the way round."));
  expect(part.textContent).toContain("Ask whoever runs the network to allow UDP");
  expect(part.textContent).toContain("UDPnothing came through");
  expect(part.textContent).toContain("TCP42 ms there and back, loss unknown");
});

it("whoever tried too often is told a time", async () => {
  tryLine.mockResolvedValue({ at: "refused", retryAfterS: 300 });
  open();
  const part = tryPart("Network");
  await waitFor(() => expect(part.textContent).toContain(`Try again at ${timeOfDay(NOW + 300_000)}.`));
});

it("a try that breaks is a network that blocks calls, and may be tried again", async () => {
  tryLine.mockRejectedValueOnce(new Error("no sound"));
  open();
  const part = tryPart("Network");
  await waitFor(() => expect(part.textContent).toContain("This network blocks calls."));
  tryLine.mockResolvedValue({ at: "tried", udp: { rttMs: 5, loss: 0 }, tcp: { rttMs: 6, loss: 0 } });
  tryPart("Network");
  await waitFor(() => expect(part.textContent).toContain("Your network is ready for calls."));
});

it("whether the tone was heard is asked, through the speaker that was chosen", async () => {
  open();
  const part = tryPart("Speaker");
  fireEvent.click(await screen.findByText("No"));
  expect(testSpeaker).toHaveBeenCalledWith("S");
  expect(part.textContent).toContain("The tone didn't reach you.");
});

it("without https the microphone says why, and so does the browser's part", async () => {
  open(false);
  const part = tryPart("Microphone");
  await waitFor(() => expect(part.textContent).toContain("Open it with https"));
  expect(screen.getByRole("region", { name: "Browser" }).textContent).toContain("isn't secure");
});

it("the details are copied with what was found", async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { ...navigator, userAgent: "Chrome/150.0", clipboard: { writeText } });
  tryLine.mockResolvedValue({ at: "no-signal" });
  open();
  const part = tryPart("Network");
  await waitFor(() => expect(part.textContent).toContain("no WebSockets"));
  fireEvent.click(screen.getByText("Copy details"));
  await waitFor(() => expect(writeText).toHaveBeenCalledOnce());
  expect(writeText).toHaveBeenCalledWith(expect.stringContaining("Network: no-signal"));
  vi.unstubAllGlobals();
});
