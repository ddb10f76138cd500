import type { Commands } from "../../core/api/channel";
import { UNSENT_AFTER_MS } from "../../core/meeting/channel";
import { useT } from "../../i18n/react";
import { useSession } from "../../ui/room/context";

/** The refusals that have words of their own; the others mean that it didn't work. */
const worded = new Set([
  "polls.question_invalid",
  "polls.option_invalid",
  "polls.too_many",
  "polls.too_many_open",
  "polls.closed",
]);

/** Asks for it. @returns "" when it is done, else the sentence that says why not */
export function usePollCommand(): <Type extends keyof Commands["polls"]>(
  type: Type,
  payload: Commands["polls"][Type],
) => Promise<string> {
  const t = useT();
  const session = useSession();
  return async (type, payload) => {
    const outcome = await session.do("polls", type, payload, { deadlineMs: UNSENT_AFTER_MS });
    if (outcome.kind === "done") return "";
    const code = outcome.kind === "refused" ? outcome.code : "";
    return worded.has(code) ? t(code, outcome.kind === "refused" ? outcome.params : {}) : t("polls.failed");
  };
}
