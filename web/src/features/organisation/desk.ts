/** What the pages of organisations work with, handed in by the routes. */
import { createContext, type ReactNode, useContext } from "react";

import type { Answer } from "../../core/api/types";
import type { OrgShown, OrgsApi } from "../../core/api/orgs-client";
import type { OutwardApi } from "../../core/api/outward-client";

/** A meeting of one's own that may come along. */
export interface Coming {
  id: string;
  title: string;
  /** Its next time, in words. */
  when: string;
  repeats: boolean;
}

export interface Desk {
  api: OrgsApi;
  outward: OutwardApi;
  go(path: string): void;
  copy(text: string): Promise<void>;
  /** Who isn't signed in has none. */
  coming(): Promise<Answer<readonly Coming[]>>;
  /** What programs are told of an organisation's meetings. */
  programs(org: string): ReactNode;
  /** What it has and pays. `item`: the invoice that is looked at. */
  plan(org: string, owns: boolean, item: string | undefined): ReactNode;
  /** How it looks to those who meet with it. */
  branding(org: string, called: string, owns: boolean): ReactNode;
  /** How much it meets. */
  usage(org: string): ReactNode;
  /** Asks, by whatever one signs in with, whether it is still the same person. */
  proof(onEnd: (proven: boolean) => void): ReactNode;
}

const Held = createContext<Desk | null>(null);
export const DeskProvider = Held;

export function useDesk(): Desk {
  const desk = useContext(Held);
  if (!desk) throw new Error("no desk");
  return desk;
}

export interface Here {
  org: OrgShown;
  /** Owners and admins. */
  governs: boolean;
  owns: boolean;
  /** What of the tab is looked at. */
  item: string | undefined;
  reload(): void;
}

const InHere = createContext<Here | null>(null);
export const HereProvider = InHere;

export function useHere(): Here {
  const here = useContext(InHere);
  if (!here) throw new Error("in no organisation");
  return here;
}
