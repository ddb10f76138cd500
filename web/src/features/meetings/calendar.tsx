/** What the pages of the calendar are handed: the server, the clock, where one can go. They touch no global themselves. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

import type { BoardStore } from "../../core/calendar/board";
import { formatsOf, type Teller, teller } from "../../core/calendar/when";
import type { CalendarApi } from "../../core/api/calendar-client";
import type { Answer } from "../../core/api/types";
import { type Translate, useLocale } from "../../i18n/react";
import type { Found } from "../../ui/Lookup";
import { refusalWords } from "../../ui/refusal";
import { showToast } from "../../ui/Toast";

export interface CalendarPorts {
  api: CalendarApi;
  board: BoardStore;
  /** Whom one may mean, by a part of a name or address: nobody, for who is in no organisation. */
  colleagues(typed: string): Promise<readonly Found[]>;
  go(path: string): void;
  /** Where one may choose a plan that allows more at once; null: nothing on offer helps, or it isn't theirs to change. */
  plans?(): Promise<string | null>;
  now(): number;
  /** The reader's, as the browser has it. */
  zone: string;
  /** The browser's wishes, for the region of its formats. */
  languages: readonly string[];
}

const Ports = createContext<CalendarPorts | null>(null);

export function Calendar({ ports, children }: { ports: CalendarPorts; children: ReactNode }) {
  return <Ports value={ports}>{children}</Ports>;
}

export function usePorts(): CalendarPorts {
  const ports = useContext(Ports);
  if (!ports) throw new Error("not inside the calendar");
  return ports;
}

/** Dates and times in the reader's words and zone, or in another zone. */
export function useTeller(zone?: string): Teller {
  const { languages, zone: own } = usePorts();
  const locale = useFormats(languages);
  return useMemo(() => teller(locale, zone ?? own), [locale, zone, own]);
}

export function useFormats(languages: readonly string[]): string {
  const locale = useLocale();
  return useMemo(() => formatsOf(locale === "en-XA" ? "en" : locale, languages), [locale, languages]);
}

const TICK_MS = 15_000;

/** The time, as often as it makes a difference to what one reads. */
export function useNow(): number {
  const { now } = usePorts();
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), TICK_MS);
    return () => clearInterval(timer);
  }, [now]);
  return at;
}

const OWN = { other: "meetings.failed.other" };

/** What was asked of the server and did not come about, in words. */
export function failed(t: Translate, answer: Exclude<Answer<unknown>, { kind: "ok" }>): string {
  return answer.kind === "unreachable"
    ? t("meetings.failed.unreachable")
    : refusalWords(t, answer.refusal, OWN);
}

/** Puts it on the clipboard and says so. What has to be asked for first is still put there by the same press. */
export async function copy(t: Translate, text: string | Promise<string | null>, said: string): Promise<void> {
  const found = typeof text === "string" ? text : await whenAsked(text);
  if (found === null) return void showToast({ text: t("meetings.failed.other") });
  try {
    if (found !== "") await navigator.clipboard.writeText(found);
    showToast({ text: said });
  } catch {
    showToast({ text: t("meetings.copy.failed", { text: found }), stays: true });
  }
}

/** Some browsers take only what was promised while the press was fresh. @returns "" when it is there already */
async function whenAsked(text: Promise<string | null>): Promise<string | null> {
  if (!("ClipboardItem" in globalThis) || !navigator.clipboard?.write) return text;
  const blob = text.then((words) => new Blob([words ?? ""], { type: "text/plain" }));
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    return (await text) === null ? null : "";
  } catch {
    return text;
  }
}
