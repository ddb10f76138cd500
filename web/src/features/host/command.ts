import type { Commands } from "../../core/api/channel";
import { UNSENT_AFTER_MS } from "../../core/meeting/channel";
import { useT } from "../../i18n/react";
import { useSession } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

/**
 * Does it, and says so when it did not happen: a host must never believe that somebody is muted who is not.
 * @returns whether it was done
 */
export function useHostCommand(): <Type extends keyof Commands["meeting"]>(
  type: Type,
  payload: Commands["meeting"][Type],
  name?: string,
) => Promise<boolean> {
  const t = useT();
  const session = useSession();
  return async (type, payload, name = "") => {
    const { kind } = await session.do("meeting", type, payload, { deadlineMs: UNSENT_AFTER_MS });
    if (kind !== "done") showToast({ text: t(name ? "host.failed.person" : "host.failed", { name }) });
    return kind === "done";
  };
}
