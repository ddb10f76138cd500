import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { BarButton } from "./BarButton";

test.each([
  ["Chat, 2 new messages", undefined, true],
  ["Chat", "Alt+H", true],
  ["Chat", undefined, false],
] as const)("%s with the key %s: a tip is shown = %s", (label, shortcut, isShown) => {
  render(<BarButton icon={null} word="Chat" label={label} shortcut={shortcut} />);
  fireEvent.keyDown(document.body, { key: "Tab" });
  act(() => screen.getByRole("button", { name: label }).focus());
  expect(screen.queryAllByRole("tooltip")).toHaveLength(isShown ? 1 : 0);
});
