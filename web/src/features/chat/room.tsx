import { useEffect, useRef } from "react";

import { Chunk } from "../../core/chunk";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { MessageSquare } from "../../ui/icons";
import { announce } from "../../ui/live";
import { MenuItem } from "../../ui/Menu";
import { BarButton } from "../../ui/room/BarButton";
import {
  useChangeLook,
  useLog,
  useMay,
  useMe,
  useRoom,
  useSession,
  useStore,
  useTogglePanel,
} from "../../ui/room/context";
import type { PersonAction, RoomFeature } from "../../ui/room/feature";
import { useKey, useSpelled } from "../../ui/room/keys";
import { showToast } from "../../ui/Toast";

import { chatKey } from "./keys";
import { watchDrops } from "./dropping";
import { MOST_CHOSEN, outboxOf } from "./outbox";
import { chatLog } from "./state";
import { forgetThePast, newsOf } from "./unread";

const MOST_COUNTED = 99;

/** Messages of others that came since the panel was last open. */
function useUnread(): number {
  const me = useMe();
  const { messages } = useLog(chatLog);
  const { seen } = useStore(outboxOf(useSession()));
  const { isOpen } = useTogglePanel("chat");
  if (isOpen) return 0;
  return newsOf(messages, seen, me);
}

function ChatButton() {
  const t = useT();
  const { isOpen, toggle } = useTogglePanel("chat");
  const unread = useUnread();
  return (
    <BarButton
      icon={<MessageSquare />}
      word={t("chat.title")}
      label={t("chat.button", { count: unread })}
      shortcut={useSpelled(chatKey)}
      look={isOpen ? "open" : "bare"}
      badge={unread > 0 ? (unread > MOST_COUNTED ? `${MOST_COUNTED}+` : unread) : undefined}
      onPress={toggle}
    />
  );
}

function ChatItem() {
  const t = useT();
  const { toggle } = useTogglePanel("chat");
  const label = t("chat.button", { count: useUnread() });
  return (
    <MenuItem
      id="chat"
      icon={<MessageSquare size={20} strokeWidth={1.75} />}
      textValue={label}
      onAction={toggle}
    >
      {label}
    </MenuItem>
  );
}

function usePersonActions({ id, name, self, role }: Present): readonly PersonAction[] {
  const t = useT();
  const session = useSession();
  const change = useChangeLook();
  if (self || role === "service") return [];
  return [
    {
      id: "write",
      label: t("chat.write_to"),
      icon: <MessageSquare size={20} strokeWidth={1.75} />,
      run: () => {
        outboxOf(session).update((box) => ({ ...box, to: { id, name } }));
        change({ panel: "chat" });
      },
    },
  ];
}

function Attendant() {
  const t = useT();
  const { session, look } = useRoom();
  const { toggle } = useTogglePanel("chat");
  const latest = useRef(t);
  useEffect(() => {
    latest.current = t;
  });
  useKey(chatKey, toggle);
  useEffect(
    () =>
      session.log.onEvent(({ feature, type, by, payload }) => {
        if (feature !== "chat" || type !== "sent" || by === session.passage.join.participant) return;
        const name = session.log.of(chatLog).get().names[by ?? ""] ?? "";
        const isOpen = look.get().panel === "chat";
        const file = payload["file"] as { name?: string } | undefined;
        const text = file ? latest.current("chat.said.file", { name: file.name }) : String(payload["text"]);
        announce(latest.current(isOpen ? "chat.said.text" : "chat.said.new", { name, text }));
      }),
    [session, look],
  );
  useDrops();
  return null;
}

/** Wherever they are let go of, the chat opens with them; nothing is sent before one has looked. */
function useDrops(): void {
  const t = useT();
  const { session, look } = useRoom();
  const mayBring = useMay("files");
  const latest = useRef({ t, mayBring });
  useEffect(() => {
    latest.current = { t, mayBring };
  });
  useEffect(() => {
    const box = outboxOf(session);
    return watchDrops(document, {
      over: (isOver) => {
        if (box.get().isOver !== isOver) box.update((before) => ({ ...before, isOver }));
      },
      dropped: (files) => {
        if (!latest.current.mayBring)
          return void showToast({ text: latest.current.t("chat.file.why.not_allowed") });
        box.update((before) => ({ ...before, chosen: [...before.chosen, ...files].slice(0, MOST_CHOSEN) }));
        look.update((before) => ({ ...before, panel: "chat" }));
      },
    });
  }, [session, look]);
}

export const feature: RoomFeature = {
  name: "chat",
  log: chatLog as unknown as NonNullable<RoomFeature["log"]>,
  bar: [
    {
      id: "chat",
      group: "see",
      order: 10,
      Button: ChatButton,
      More: ChatItem,
      phone: "bar",
      dropsBelow: 680,
    },
  ],
  panel: {
    id: "chat",
    order: 10,
    title: "chat.title",
    Panel: new Chunk(async () => (await import("./ChatPanel")).ChatPanel),
  },
  attend: forgetThePast,
  usePersonActions,
  Attendant,
};
