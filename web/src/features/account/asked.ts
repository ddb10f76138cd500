/** What the server is asked when a tab opens, and again when something was changed. */
import { useCallback, useEffect, useState } from "react";

import type { Answer } from "../../core/api/types";

export function useAsked<T>(ask: () => Promise<Answer<T>>): [T | null, () => void] {
  const [value, setValue] = useState<T | null>(null);
  const again = useCallback(() => {
    void ask().then((answer) => answer.kind === "ok" && setValue(answer.value));
  }, [ask]);
  useEffect(again, [again]);
  return [value, again];
}
