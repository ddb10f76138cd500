/** H1: what changed in what one may do, as one sentence. Pure. */
import type { You } from "../../core/meeting/wire";

/** What is told of by itself; the rest only together with others. */
const told = ["unmute", "video", "share", "react"] as const;

/** @returns the id of the sentence; undefined where there is nothing to tell */
export function sentenceOf(before: You, after: You, isStopped: boolean): string | undefined {
  if (before.may.length === 0 || after.role === "waiting") return undefined;
  if (before.role !== after.role) return roleSentence(before, after);
  // What was stopped or goes on again is told to all, by a banner.
  if (isStopped) return undefined;
  const lost = told.filter((what) => before.may.includes(what) && !after.may.includes(what));
  const won = told.filter((what) => !before.may.includes(what) && after.may.includes(what));
  const chat = chatOf(after) === chatOf(before) ? [] : [`host.you.chat.${chatOf(after)}`];
  const all = [
    ...lost.map((what) => `host.you.lost.${what}`),
    ...won.map((what) => `host.you.won.${what}`),
    ...chat,
  ];
  if (all.length === 0) return undefined;
  return all.length === 1 ? all[0] : "host.you.changed";
}

/** To whom one may write: the three that hosts choose from. */
function chatOf({ may }: You): "all" | "hosts" | "off" {
  if (may.includes("chat")) return "all";
  return may.includes("chat_hosts") ? "hosts" : "off";
}

function roleSentence(before: You, after: You): string | undefined {
  const [was, is] = [before.may.includes("host"), after.may.includes("host")];
  if (after.role === "owner") return "host.you.owner";
  if (is && !was) return after.role === "cohost" ? "host.you.cohost" : "host.you.host";
  return was && !is ? "host.you.unmade" : undefined;
}
