import type { Commands } from "../../core/api/channel";
import { UNSENT_AFTER_MS } from "../../core/meeting/channel";
import { useT } from "../../i18n/react";
import { showToast } from "../Toast";

import { useSession } from "./context";

/** What a host does, by its name in the feature `meeting`. @returns whether it was done */
export type Deed = <Type extends keyof Commands["meeting"]>(
  type: Type,
  payload: Commands["meeting"][Type],
  name?: string,
) => Promise<boolean>;

/** Does it, and says so when it did not happen: a host must never believe that somebody is muted who is not. */
export function useDeed(): Deed {
  const t = useT();
  const session = useSession();
  return async (type, payload, name = "") => {
    const { kind } = await session.do("meeting", type, payload, { deadlineMs: UNSENT_AFTER_MS });
    if (kind !== "done") showToast({ text: t(name ? "ui.failed.person" : "ui.failed", { name }) });
    return kind === "done";
  };
}
