import { expect, it, vi } from "vitest";

import { createInstall } from "./install";

function offered(page: EventTarget, prompt = vi.fn<() => Promise<unknown>>().mockResolvedValue({})) {
  const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt });
  page.dispatchEvent(event);
  return { event, prompt };
}

it("the browser's own banner is held back, and the offer stands until it is answered", async () => {
  const page = new EventTarget();
  const install = createInstall(page);
  expect(install.get()).toBe(false);
  const { event, prompt } = offered(page);
  expect([event.defaultPrevented, install.get()]).toEqual([true, true]);
  await install.ask();
  expect([prompt.mock.calls.length, install.get()]).toEqual([1, false]);
  await install.ask();
  expect(prompt).toHaveBeenCalledOnce();
});

it("one that is installed by the browser's own menu is offered no more", () => {
  const page = new EventTarget();
  const install = createInstall(page);
  offered(page);
  page.dispatchEvent(new Event("appinstalled"));
  expect(install.get()).toBe(false);
});

it("an offer that the browser takes back breaks nothing, and another may come", async () => {
  const page = new EventTarget();
  const install = createInstall(page);
  offered(page, vi.fn<() => Promise<unknown>>().mockRejectedValue(new Error("used")));
  await install.ask();
  offered(page);
  expect(install.get()).toBe(true);
});
