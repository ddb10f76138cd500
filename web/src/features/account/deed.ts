/** One thing that is asked of the server: running, done, or refused with words for it. */
import { useState } from "react";

import type { Answer, Refusal } from "../../core/api/types";

/** `failed`: the server didn't answer. */
export type Trouble = Refusal | "failed";

export interface Deed {
  busy: boolean;
  trouble: Trouble | null;
  /** @returns the value, or undefined when there is trouble */
  run<T>(asks: () => Promise<Answer<T>>): Promise<{ value: T } | undefined>;
  /** What was wrong is being mended. */
  forget(): void;
  fail(trouble: Trouble): void;
}

export function useDeed(): Deed {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  return {
    busy,
    trouble,
    forget: () => setTrouble(null),
    fail: setTrouble,
    async run(asks) {
      setBusy(true);
      setTrouble(null);
      const answer = await asks();
      setBusy(false);
      if (answer.kind === "ok") return { value: answer.value };
      setTrouble(answer.kind === "refused" ? answer.refusal : "failed");
      return undefined;
    },
  };
}
