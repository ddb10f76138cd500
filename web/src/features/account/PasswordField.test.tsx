import { fireEvent, render, screen } from "@testing-library/react";
import type { FormEvent } from "react";
import { expect, it, vi } from "vitest";

import { activate } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";
import { TextArea } from "../../ui/TextArea";
import { TextField } from "../../ui/TextField";

import { PasswordField } from "./PasswordField";

it("a form is sent again after what was typed was refused", async () => {
  await activate("en");
  const sent = vi.fn((event: FormEvent) => event.preventDefault());
  render(
    <LanguageProvider>
      <form onSubmit={sent}>
        <TextField label="Code" error="That code isn't right." />
        <TextArea label="Names" error="Too many." />
        <PasswordField
          label="Password"
          autoComplete="current-password"
          error="Wrong."
          value=""
          onChange={() => undefined}
        />
        <button type="submit">Confirm</button>
      </form>
    </LanguageProvider>,
  );
  fireEvent.change(screen.getByLabelText("Code"), { target: { value: "12345678" } });
  fireEvent.click(screen.getByRole("button", { name: "Confirm" }));
  expect(sent).toHaveBeenCalledTimes(1);
  expect(screen.getByLabelText("Code").getAttribute("aria-invalid")).toBe("true");
});
