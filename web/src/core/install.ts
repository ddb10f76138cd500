/**
 * Whether this browser would install the page as a program, and asking it to.
 *
 * Law: the browser's own banner never comes over a meeting; the offer stands in the settings and nowhere else. A browser's
 * offer is good for one answer: after it there is none, until it makes another.
 */
import { type Readable, Store } from "./store";

interface Offer extends Event {
  prompt(): Promise<unknown>;
}

export interface Install extends Readable<boolean> {
  /** The browser asks its owner; whatever they answer, it was asked. */
  ask(): Promise<void>;
}

export function createInstall(page: Pick<EventTarget, "addEventListener">): Install {
  const can = new Store(false);
  let offer: Offer | null = null;
  const keep = (next: Offer | null): void => {
    offer = next;
    can.set(next !== null);
  };
  page.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    keep(event as Offer);
  });
  page.addEventListener("appinstalled", () => keep(null));
  return {
    get: can.get,
    subscribe: can.subscribe,
    async ask() {
      const asked = offer;
      keep(null);
      await asked?.prompt().catch(() => undefined);
    },
  };
}
