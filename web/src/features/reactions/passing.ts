/** The one reaction that each person shows at this moment; it passes by itself. */
import { ofSession } from "../../core/meeting/of-session";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/store";

export interface Shown {
  emoji: string;
  /** Grows with every reaction, so that the same one twice is seen twice. */
  count: number;
}

const SHOWN_MS = 5000;
export const passing = ofSession((session: Session) => {
  const store = new Store<Readonly<Record<string, Shown>>>({});
  let count = 0;
  session.log.onEvent(({ feature, type, by, payload }) => {
    const { emoji } = payload;
    if (feature !== "reactions" || type !== "reacted" || by === null || typeof emoji !== "string") return;
    count += 1;
    const shown = { emoji, count };
    store.update((all) => ({ ...all, [by]: shown }));
    setTimeout(() => {
      store.update((all) => {
        if (all[by] !== shown) return all;
        const { [by]: _, ...rest } = all;
        return rest;
      });
    }, SHOWN_MS);
  });
  return store;
});
