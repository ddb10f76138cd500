/** Whose page it is: what is drawn inside the signed-in frame may ask. */
import { createContext, useContext } from "react";

import type { AccountShown } from "../core/api/accounts";

export const SignedIn = createContext<AccountShown | null>(null);

export function useAccount(): AccountShown {
  const account = useContext(SignedIn);
  if (!account) throw new Error("not inside the signed-in frame");
  return account;
}
