import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { activate } from "../i18n/i18n";
import { LanguageProvider } from "../i18n/react";

import { Dialog } from "./Dialog";
import { passEscapeOn } from "./layers";
import { Menu, MenuItem, MenuTrigger } from "./Menu";
import { Popover } from "./Popover";

let stop = (): void => undefined;
beforeAll(() => activate("en"));
beforeEach(() => {
  stop = passEscapeOn();
});
afterEach(() => stop());

function Scene() {
  const [isOpen, setOpen] = useState(true);
  return (
    <LanguageProvider>
      <Dialog title="Tools" isOpen={isOpen} onOpenChange={setOpen}>
        <MenuTrigger>
          <Button>Settings</Button>
          <Popover>
            <Menu aria-label="Settings">
              <MenuItem id="summit">Summit</MenuItem>
            </Menu>
          </Popover>
        </MenuTrigger>
      </Dialog>
    </LanguageProvider>
  );
}

const escape = (target: Element): void => void fireEvent.keyDown(target, { key: "Escape", code: "Escape" });

it("with the focus nowhere Escape closes what is on top, and then what is under it", async () => {
  render(<Scene />);
  fireEvent.click(screen.getByText("Settings"));
  await screen.findByRole("menu");
  escape(document.body);
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  expect(screen.getByText("Settings")).toBeTruthy();
  escape(document.body);
  await waitFor(() => expect(screen.queryByText("Settings")).toBeNull());
});

it("with the focus outside of every layer, Escape is left to whoever has it", () => {
  render(<Scene />);
  const field = document.body.appendChild(document.createElement("input"));
  escape(field);
  expect(screen.getByText("Settings")).toBeTruthy();
  field.remove();
});
