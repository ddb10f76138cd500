import type { Commands } from "../../core/api/channel";
import { type Outcome, UNSENT_AFTER_MS } from "../../core/meeting/channel";
import { useT } from "../../i18n/react";
import { showToast } from "../Toast";

import { useSession } from "./context";

/** What a host does, by its name in the feature `meeting`. @returns whether it was done */
export type Deed = <Type extends keyof Commands["meeting"]>(
  type: Type,
  payload: Commands["meeting"][Type],
  name?: string,
) => Promise<boolean>;

/** Two hosts who answer at once both did right: the slower one is told that, and of no mistake. */
function whyNot(outcome: Outcome, name: string): string {
  if (outcome.kind === "refused" && outcome.code === "meeting.not_waiting") return "ui.sooner";
  return name ? "ui.failed.person" : "ui.failed";
}

/** Does it, and says so when it did not happen: a host must never believe that somebody is muted who is not. */
export function useDeed(): Deed {
  const t = useT();
  const session = useSession();
  return async (type, payload, name = "") => {
    const outcome = await session.do("meeting", type, payload, { deadlineMs: UNSENT_AFTER_MS });
    if (outcome.kind !== "done") showToast({ text: t(whyNot(outcome, name), { name }) });
    return outcome.kind === "done";
  };
}
