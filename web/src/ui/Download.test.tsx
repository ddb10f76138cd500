import { expect, it, vi } from "vitest";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";

import { Download } from "./Download";

/** Where a browser went: what a page kept it from isn't among it. */
function clicked() {
  const went: string[] = [];
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || !(event.target instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    went.push(event.target.getAttribute("href") ?? "");
  });
  return went;
}

it("who showed that it is them gets the file, and who doesn't stays on the page", async () => {
  const went = clicked();
  const ready = vi.fn().mockResolvedValueOnce(false).mockResolvedValueOnce(true);
  render(
    <Download href="/paper" name="2026-0001.pdf" ready={ready}>
      PDF
    </Download>,
  );
  const link = screen.getByText("PDF");
  fireEvent.click(link);
  await waitFor(() => expect(ready).toHaveBeenCalledTimes(1));
  expect(went).toEqual([]);
  fireEvent.click(link);
  await waitFor(() => expect(went).toEqual(["/paper"]));
  expect(document.querySelectorAll("a")).toHaveLength(1);
});
