/** The browser's side of the pages of accounts. */
import { createAccountsApi } from "../core/api/accounts-client";
import { createCalendarApi } from "../core/api/calendar-client";
import { createOrgsApi } from "../core/api/orgs-client";
import { createWebhooksApi } from "../core/api/webhooks-client";
import type { Back, Desk } from "../features/account/desk";

import { call, chooseLanguage, clock, install, leaveToSignIn, me, prefs } from "./ports";
import { sharedSettings } from "./shared-settings";

export function deskOf(go: (path: string) => void): Desk {
  return {
    api: createAccountsApi(call),
    webhooks: createWebhooksApi(call),
    calendar: createCalendarApi(call),
    orgs: createOrgsApi(call),
    prefs,
    install,
    shared: sharedSettings,
    now: clock.now,
    is: me.is,
    go,
    leave: leaveToSignIn,
    back: () => backOf(location.search),
    next: () => nextWith(location.search, location.hash),
    chooseLanguage,
    credentials: globalThis.isSecureContext ? navigator.credentials : undefined,
  };
}

/** With the secret of a meeting that one came from by an organisation's own name. */
export function nextWith(search: string, hash: string): string {
  const next = nextOf(search);
  return next.startsWith("/m/") && !next.includes("#") && /^#k=[\w-]+$/.test(hash) ? next + hash : next;
}

/** Where one was before, and nothing of another site, however it is spelt: the browser's own reading decides. */
export function nextOf(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "/";
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : undefined;
  const mine = next.startsWith("/") && url?.origin === location.origin && !url.pathname.startsWith("//");
  return mine ? url.pathname + url.search + url.hash : "/";
}

/** What a way back from an organisation's sign-in says in the address. */
export function backOf(search: string): Back | null {
  const said = new URLSearchParams(search);
  const [code, by] = [said.get("refused"), said.get("by")];
  return code && by ? { code, by } : null;
}
