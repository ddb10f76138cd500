import { fireEvent, render } from "@testing-library/react";
import type { ComponentType } from "react";
import { expect, test, vi } from "vitest";

import { TextArea } from "./TextArea";
import { TextField, type TextFieldProps } from "./TextField";

test.each<[string, ComponentType<TextFieldProps>]>([
  ["a field", TextField],
  ["a longer field", TextArea as ComponentType<TextFieldProps>],
])("what was refused in %s can be mended and sent again", (_, Field) => {
  const sends = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
  const { getByRole } = render(
    <form onSubmit={sends}>
      <Field label="Minutes" defaultValue="9" error="From 10." />
      <button type="submit">Save</button>
    </form>,
  );
  fireEvent.change(getByRole("textbox"), { target: { value: "10" } });
  fireEvent.click(getByRole("button"));
  expect(sends).toHaveBeenCalledOnce();
});
