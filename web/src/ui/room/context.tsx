/** How a component reaches the meeting it is in. Only the room provides it. */
import { type ComponentType, createContext, type ReactNode, useContext } from "react";

import type { CalendarApi } from "../../core/api/calendar-client";
import type { Limit } from "../../core/api/plans-client";
import type { Hear, HearDialogProps } from "../../core/check/hear";
import type { LogFeature } from "../../core/meeting/log";
import { type Meeting, meetingFeature } from "../../core/meeting/people";
import type { Present } from "../../core/meeting/present";
import type { LinkDesk } from "../../core/invitation/personal";
import type { Chunk } from "../../core/chunk";
import type { Session } from "../../core/meeting/session";
import type { Effects } from "../../core/picture/effects";
import type { Store } from "../../core/store";
import type { Prefs, PrefsStore } from "../../core/prefs/prefs";
import type { Language } from "../../i18n/languages";

import { useSelected, useStore } from "../use-store";

import type { ContentSlot, RoomFeature } from "./feature";

export { useSelected, useStore };

/** Which of the room's places is open, and for what. What a feature shows in it is the feature's. */
export interface RoomLook {
  panel: string | null;
  /** What was opened from More and stands over the room, by the feature's name. */
  sheet: string | null;
  /** Which feature's content has the stage. */
  taken: string | null;
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
  /** What was planned, for who is signed in. Its code comes when it is wanted. */
  calendar(): Promise<CalendarApi>;
  /** Where this person may choose a plan that this meeting would come further with; null: nowhere. */
  plans(limit: Limit): Promise<string | null>;
  /** What this device remembers of its person's choices. */
  prefs: PrefsStore;
  /** One's own sound by way of the server; its code comes when it is wanted. */
  hearYourself: Hear;
  hearDialog: Chunk<ComponentType<HearDialogProps>>;
  /** What is made of one's own picture. */
  effects: Chunk<Effects>;
  setLanguage(language: Language): void;
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
  | "files"
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

export function usePrefs(): Prefs {
  return useStore(useRoom().prefs);
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
