/**
 * Who is signed in, as far as this page knows. Asked once, when somebody wants to know; every answer of the server that
 * says otherwise changes it. Nothing waits for it that can go on without.
 */
import type { Call } from "../api/call";
import type { AccountShown } from "../api/accounts";
import { type Readable, Store } from "../store";

export type Me =
  | { at: "unknown" }
  | { at: "in"; account: AccountShown }
  | { at: "out" }
  /** Was signed in until a moment ago, by what this page knew: what was typed is still there. */
  | { at: "lost"; account: AccountShown }
  /** The server doesn't answer: nobody knows. */
  | { at: "unreachable" };

export interface MeStore extends Readable<Me> {
  /** Asks the server, unless it is known or asked for already. */
  ask(): void;
  /** Asks again, whatever is known. */
  refresh(): Promise<Me>;
  /** Another answer has told it: signed in, changed, or out. */
  is(account: AccountShown | null): void;
  /** Listens to the answers for one that says that nobody is signed in any more. */
  heard(call: Call): Call;
}

/** Enough to know one of ours: the generated shapes are too much for what every stranger loads. */
const SHAPE = { id: "string", name: "string" } as const;
const SIGNED_OUT = "account.signed_out";

export function createMe(call: Call): MeStore {
  const me = new Store<Me>({ at: "unknown" });
  let asking: Promise<Me> | undefined;

  async function fetch(): Promise<Me> {
    const answer = await call<AccountShown>("GET", "/api/account", SHAPE);
    if (answer.kind === "ok") return { at: "in", account: answer.value };
    return { at: answer.kind === "refused" ? "out" : "unreachable" };
  }

  function refresh(): Promise<Me> {
    asking ??= (async () => {
      const before = me.get();
      const found = await fetch();
      asking = undefined;
      // What was told meanwhile is newer.
      if (me.get() === before) me.set(found);
      return me.get();
    })();
    return asking;
  }

  return {
    get: me.get,
    subscribe: me.subscribe,
    refresh,
    ask() {
      const { at } = me.get();
      if (at === "unknown" || at === "unreachable") void refresh();
    },
    is: (account) => me.set(account ? { at: "in", account } : { at: "out" }),
    heard:
      (asks) =>
      async <T>(...request: Parameters<Call>) => {
        const answer = await asks<T>(...request);
        const now = me.get();
        if (now.at === "in" && answer.kind === "refused" && answer.refusal.code === SIGNED_OUT)
          me.set({ at: "lost", account: now.account });
        return answer;
      },
  };
}
