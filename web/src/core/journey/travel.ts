/**
 * The shell of the journey: asks the server, tells `evolve`, and keeps asking while the server is away.
 * Clock and timer are arguments; nothing here knows React or the address bar.
 */
import type { Api } from "../api/client";
import type { Answer, JoinRequest, JoinResult } from "../api/types";
import { type Readable, Store } from "../store";

import { evolve, start, trying, type Event, type Journey } from "./journey";
import type { Departure, Entry } from "./room";

/** How long between two tries while the server does not answer. */
export const RETRY_MS = 3000;

export interface Ports {
  api: Pick<Api, "join">;
  now(): number;
  /** What has to be answered first, by name; read when Join is pressed. */
  gates?(): readonly string[];
  /** @returns a function that takes the alarm back */
  after(ms: number, run: () => void): () => void;
}

/** What a join needs besides the name: who proves what, looked up anew for every try. */
export type Credentials = (passcode: string | undefined) => Promise<Omit<JoinRequest, "name">>;

export interface Travel extends Readable<Journey> {
  join(name: string, passcode?: string): void;
  /** A gate before the first door was answered. */
  passed(gate: string): void;
  /** J3: let me in when it starts. */
  wait(): void;
  /** Now instead of in a few seconds. */
  tryNow(): void;
  /** What the meeting's own door says. */
  stood(entry: Entry): void;
  departed(departure: Departure): void;
  /** The room's code could not be fetched. */
  unfetched(): void;
  back(): void;
  /** A fresh ticket for somebody who is inside, or why there is none. */
  renew(): Promise<Answer<JoinResult>>;
  close(): void;
}

export function createTravel(number: string, credentials: Credentials, ports: Ports): Travel {
  const journey = new Store<Journey>(start);
  let wish: { name: string; passcode: string | undefined } = { name: "", passcode: undefined };
  let takeBack = () => {};
  /** Grows with every try: an answer to an older one is not heard. */
  let round = 0;
  function tell(event: Event): void {
    journey.set(evolve(journey.get(), event, ports.now()));
  }

  async function ask() {
    return ports.api.join(number, { name: wish.name, ...(await credentials(wish.passcode)) });
  }

  async function attempt(): Promise<void> {
    takeBack();
    round += 1;
    const mine = round;
    const answer = await ask();
    if (mine !== round || !trying(journey.get())) return;
    if (answer.kind === "ok") return tell({ type: "joined", join: answer.value });
    if (answer.kind === "refused") tell({ type: "refused", refusal: answer.refusal });
    else tell({ type: "unreachable" });
    tryAgain();
  }

  /** In a few seconds while the server is away, when it says so while a meeting has not begun. */
  function tryAgain(): void {
    const now = journey.get();
    if (!trying(now)) return;
    takeBack = ports.after(now.at === "early" ? now.againMs : RETRY_MS, () => void attempt());
  }

  function begin(): void {
    if (trying(journey.get())) void attempt();
  }

  return {
    get: journey.get,
    subscribe: journey.subscribe,
    join(name, passcode) {
      if (journey.get().at !== "prejoin") return;
      wish = { name, passcode };
      tell({ type: "join", gates: ports.gates?.() ?? [] });
      begin();
    },
    passed(gate) {
      if (journey.get().at !== "gated") return;
      tell({ type: "passed", gate });
      begin();
    },
    wait() {
      tell({ type: "wait" });
      takeBack();
      tryAgain();
    },
    tryNow() {
      if (journey.get().at === "unreachable") void attempt();
    },
    stood: (entry) => tell({ type: "stood", entry }),
    unfetched: () => tell({ type: "unfetched" }),
    departed: (departure) => tell({ type: "departed", departure }),
    back() {
      takeBack();
      tell({ type: "back" });
    },
    renew: ask,
    close() {
      round += 1;
      takeBack();
    },
  };
}
