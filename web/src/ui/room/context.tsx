/** How a component reaches the meeting it is in. Only the room provides it. */
import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

import type { LogFeature } from "../../core/meeting/log";
import { type Meeting, meetingFeature } from "../../core/meeting/people";
import type { Present } from "../../core/meeting/present";
import type { LinkDesk } from "../../core/invitation/personal";
import type { Session } from "../../core/meeting/session";
import type { Store } from "../../core/meeting/store";
import type { Corner, View } from "../../core/layout/arrange";
import type { Language } from "../../i18n/languages";
import type { PageChoice } from "../../core/layout/page";

import type { ContentSlot, RoomFeature } from "./feature";

/** What this person has chosen to see. Never sent anywhere. */
export interface RoomLook {
  panel: string | null;
  /** What was opened from More and stands over the room, by the feature's name. */
  sheet: string | null;
  /** Which feature's content has the stage. */
  taken: string | null;
  view: View;
  pinned: readonly string[];
  hideSelf: boolean;
  /** Where one's own picture floats when there are two. */
  corner: Corner;
  pageSize: PageChoice;
  page: number;
  shareSize: "fit" | "actual";
  dim: boolean;
  /** D9: say so when I talk while muted; for that the microphone stays open on this device. */
  warnMuted: boolean;
  /** The keys of the room do what they say. */
  shortcuts: boolean;
  /** Who waits hears when they are let in. */
  soundWhenLetIn: boolean;
  /** In the gallery, only people with a picture. */
  hideFaceless: boolean;
}

export interface Room {
  session: Session;
  look: Store<RoomLook>;
  features: readonly RoomFeature[];
  /** Where this person knows it, for the invitation. */
  passcode: string | undefined;
  /** Kept on this device by who made the meeting, or was given it. */
  hostKey: Store<string | undefined>;
  /** An owner's: the key before proves nothing from then on. @returns whether there is a new one */
  replaceHostKey(): Promise<boolean>;
  /** Links for one person each; only for hosts. */
  links: LinkDesk;
  setLanguage(language: Language): void;
  setDim(dim: boolean): void;
  setWarnMuted(warns: boolean): void;
  setShortcuts(on: boolean): void;
  setSoundWhenLetIn(on: boolean): void;
}

const RoomContext = createContext<Room | null>(null);

export function RoomProvider({ room, children }: { room: Room; children: ReactNode }) {
  return <RoomContext value={room}>{children}</RoomContext>;
}

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("this component belongs inside a meeting room");
  return room;
}

export function useSession(): Session {
  return useRoom().session;
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** One value out of a store; the component renders again only when that value changes. */
export function useSelected<T, S>(store: Store<T>, select: (value: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

export function useLog<State>(feature: LogFeature<State>): State {
  return useStore(useSession().log.of(feature));
}

export function useMeeting(): Meeting {
  return useLog(meetingFeature);
}

export function usePeople(): readonly Present[] {
  return useStore(useSession().people);
}

export function useMe(): string {
  return useSession().passage.join.participant;
}

/** What the server lets a person do here; the page never concludes it from a role. */
export type Capability =
  | "chat"
  /** To hosts alone. */
  | "chat_hosts"
  | "draw"
  | "host"
  /** Hands the meeting over, makes hosts. */
  | "own"
  | "react"
  | "rename"
  | "share"
  | "unmute"
  | "video";

export function useMay(capability: Capability): boolean {
  return useSelected(useSession().you, ({ may }) => may.includes(capability));
}

export function useLook(): RoomLook {
  return useStore(useRoom().look);
}

export function useChangeLook(): (change: Partial<RoomLook>) => void {
  const { look } = useRoom();
  return (change) => look.update((before) => ({ ...before, ...change }));
}

/** A dialog of a feature that is opened from More, where no button is there to hang it on. */
export function useSheet(feature: string): { isOpen: boolean; setOpen: (open: boolean) => void } {
  const { look } = useRoom();
  const isOpen = useSelected(look, ({ sheet }) => sheet === feature);
  return {
    isOpen,
    // A menu that closes because another sheet opens must not close that one.
    setOpen: (open) =>
      look.update((before) =>
        open || before.sheet === feature ? { ...before, sheet: open ? feature : null } : before,
      ),
  };
}

/** Opens a panel, or closes it when it is the one that is open. */
export function useTogglePanel(id: string): { isOpen: boolean; toggle: () => void } {
  const { look } = useRoom();
  const isOpen = useSelected(look, ({ panel }) => panel === id);
  return {
    isOpen,
    toggle: () => look.update((before) => ({ ...before, panel: before.panel === id ? null : id })),
  };
}

/** What of a feature has the stage, and how it is taken and given back. */
export function useTakenStage(): { content: ContentSlot | undefined; take: (id: string | null) => void } {
  const { look, features } = useRoom();
  const taken = useSelected(look, (chosen) => chosen.taken);
  const content = features.flatMap((feature) => feature.content ?? []).find(({ id }) => id === taken);
  return { content, take: (id) => look.update((before) => ({ ...before, taken: id })) };
}
