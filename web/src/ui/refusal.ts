/**
 * What the server's refusals are in words. Every code that can reach a page has its sentence under `refused.` and the code, in a
 * catalog of its own that comes with the pages, never with the lobby or the room. A feature that means something narrower says so.
 */
import { timeOfDay } from "../core/times";
import type { Translate } from "../i18n/react";

export interface Refused {
  code: string;
  params: Readonly<Record<string, unknown>>;
}

/** Sentences of the feature's own, by code; `other` is for a code that this page is too old to know. */
export interface Own {
  readonly [code: string]: string | undefined;
  readonly other: string;
}

export function refusalWords(t: Translate, { code, params }: Refused, own: Own, now = Date.now()): string {
  const wait = params["retry_after_s"];
  const values = { ...params, time: typeof wait === "number" ? timeOfDay(now + 1000 * wait) : "" };
  const ours = own[code];
  if (ours !== undefined) return t(ours, values);
  const id = `refused.${code}`;
  const words = t(id, values);
  return words === id ? t(own.other) : words;
}
