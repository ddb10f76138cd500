import type { BrandingShown } from "../api/branding-client";
import { Store } from "../store";

export interface Worn {
  /** Number of the meeting; empty: none was asked about. */
  of: string;
  branding: BrandingShown | null;
}

/** How the meeting of this page looks: one at a time, as one is in one at a time. */
export const worn = new Store<Worn>({ of: "", branding: null });
