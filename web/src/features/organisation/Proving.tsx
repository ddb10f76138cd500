import { type ReactNode, useCallback, useState } from "react";

import type { Answer } from "../../core/api/types";

import { useDesk } from "./desk";

type Asks<T> = () => Promise<Answer<T>>;
type End = (proven: boolean) => void;

/** Asks; where the server wants to know first that it is still the same person, asks that, and then once more. */
export function useProving(): { proving: ReactNode; guarded<T>(asks: Asks<T>): Promise<Answer<T>> } {
  const { proof } = useDesk();
  const [end, setEnd] = useState<End | null>(null);

  const guarded = useCallback(async <T,>(asks: Asks<T>) => {
    const answer = await asks();
    if (answer.kind !== "refused" || answer.refusal.code !== "account.prove_again") return answer;
    const proven = await new Promise<boolean>((settle) => {
      setEnd(() => settle);
    });
    setEnd(null);
    return proven ? asks() : answer;
  }, []);

  return { proving: end && proof(end), guarded };
}
