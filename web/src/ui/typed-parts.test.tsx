import { act, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeAll, expect, it, test, vi } from "vitest";

import { TimeField } from "./DateField";
import { clockOf } from "./typed-parts";

function Field() {
  const [clock, setClock] = useState("14:30");
  return (
    <>
      <TimeField label="Starts" clock={clock} onClock={setClock} />
      <output>{clock}</output>
    </>
  );
}

// The DOM of these tests tells a selection that was collapsed already as another one, for ever.
beforeAll(() => void vi.spyOn(Selection.prototype, "collapse").mockReturnValue(undefined));

const parts = () => screen.getAllByRole("spinbutton");

/** As a browser tells it, also that of a phone, whose keys have no names. */
function types(text: string): void {
  act(() => parts()[0]?.focus());
  for (const data of text)
    act(() => {
      const input = new InputEvent("beforeinput", {
        data,
        inputType: "insertText",
        bubbles: true,
        cancelable: true,
      });
      document.activeElement?.dispatchEvent(input);
    });
}

test.each([
  ["9:00", "09:00"],
  ["1:05", "01:05"],
  ["11:45", "11:45"],
  ["0945", "09:45"],
])("%s is typed as it is written", (text, clock) => {
  render(<Field />);
  types("14:30pm");
  types(`${text}am`);
  expect(screen.getByRole("status").textContent).toBe(clock);
});

test("a time is pasted, and what is none changes nothing", () => {
  render(<Field />);
  const paste = (text: string) =>
    fireEvent.paste(parts()[0] as HTMLElement, { clipboardData: { getData: () => text } });
  paste("9:00");
  expect(screen.getByRole("status").textContent).toBe("09:00");
  paste("soon");
  expect(screen.getByRole("status").textContent).toBe("09:00");
});

it.each([
  ["9:00", "09:00"],
  ["９：００", "09:00"],
  [" 9.30 pm ", "21:30"],
  ["12:00 am", "00:00"],
  ["9点05分", "09:05"],
  ["24:00", undefined],
  ["13:00 pm", undefined],
  ["9:60", undefined],
  ["9", undefined],
  ["1".repeat(100_000), undefined],
])("reads %s", (text, clock) => expect(clockOf(text)).toBe(clock));
