import { useEffect, useState } from "react";

import { readSecret } from "../core/invitation/parse";

/** Who pastes a full link over `/m/<number>` changes the hash alone, and means another way in. */
export function useSecret(): string | undefined {
  const [secret, setSecret] = useState(() => readSecret(location.hash));
  useEffect(() => {
    const changed = (): void => setSecret((before) => readSecret(location.hash) ?? before);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return secret;
}
