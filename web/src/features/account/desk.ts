/** What the pages of accounts work with, handed in by the routes; here so that each part needn't pass it on. */
import { type ComponentType, createContext, useContext } from "react";

import type { AccountsApi, AccountShown } from "../../core/api/accounts-client";
import type { CalendarApi } from "../../core/api/calendar-client";
import type { OrgsApi } from "../../core/api/orgs-client";
import type { WebhooksApi } from "../../core/api/webhooks-client";
import type { Chunk } from "../../core/chunk";
import type { Install } from "../../core/install";
import type { PrefsStore } from "../../core/prefs/prefs";
import type { Language } from "../../i18n/languages";

export interface Back {
  /** What the server refused with when one came back from there. */
  code: string;
  by: string;
}

export interface Desk {
  api: AccountsApi;
  webhooks: WebhooksApi;
  calendar: CalendarApi;
  orgs: OrgsApi;
  prefs: PrefsStore;
  /** Of the page as a program of this device. */
  install: Install;
  /** What the room and others have as well: fetched when its tab is drawn. */
  shared: Record<"devices" | "keys" | "look" | "notices" | "privacy", Chunk<ComponentType>>;
  now(): number;
  /** The answer of the server has said who is signed in. */
  is(account: AccountShown | null): void;
  go(path: string): void;
  /** To another site. */
  leave(address: string): void;
  /** What a way back from an organisation's sign-in says. */
  back(): Back | null;
  /** Where one goes once signed in. */
  next(): string;
  chooseLanguage(language: Language): void;
  /** The browser's own. */
  credentials: CredentialsContainer | undefined;
}

const Held = createContext<Desk | null>(null);
export const DeskProvider = Held;

export function useDesk(): Desk {
  const desk = useContext(Held);
  if (!desk) throw new Error("no desk");
  return desk;
}
