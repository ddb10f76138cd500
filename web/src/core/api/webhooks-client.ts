/** Webhooks of an account or an organisation, over HTTP. */
import type { Call } from "./call";
import type { Answer } from "./types";
import { shapes, type WebhookMade, type WebhookShown } from "./webhooks";

export type { TryShown, WebhookMade, WebhookShown } from "./webhooks";

/** @param of the organisation's id; without one, whoever is signed in */
export function createWebhooksApi(call: Call, of?: string) {
  const all = of === undefined ? "/api/webhooks" : `/api/orgs/${encodeURIComponent(of)}/webhooks`;
  const one = (id: string): string => `${all}/${encodeURIComponent(id)}`;
  return {
    every: () => call<WebhookShown[]>("GET", all, [shapes.WebhookShown]),
    make: (url: string, events: readonly string[]) =>
      call<WebhookMade>("POST", all, shapes.WebhookMade, { url, events }),
    remove: (id: string): Promise<Answer<null>> => call("DELETE", one(id), "nothing"),
    ping: (id: string): Promise<Answer<null>> => call("POST", `${one(id)}/ping`, "nothing"),
  };
}

export type WebhooksApi = ReturnType<typeof createWebhooksApi>;
