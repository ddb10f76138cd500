import { Button, MenuItem as AriaMenuItem, MenuSection as AriaMenuSection } from "react-aria-components";

import { emoji as signs } from "../../core/meeting/emoji";
import { useT } from "../../i18n/react";
import { Ellipsis, Pencil, Reply, Trash } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { useLog, useMay, useMe, useSession } from "../../ui/room/context";

import styles from "./chat.module.css";
import type { Ask } from "./MessageBlock";
import { outboxOf } from "./outbox";
import { chatLog, type Message } from "./state";

/** What can be done with a message. It is not drawn where that is nothing. */
export function MessageMenu({ message, ask, onEdit }: { message: Message; ask: Ask; onEdit(): void }) {
  const t = useT();
  const me = useMe();
  const { id, by, name, reactions, file } = message;
  const isMine = by === me;
  const mayDelete = useMay("host") || isMine;
  const mayReact = useMay("react");
  const mayReply = useMayReply(message);
  if (!mayDelete && !mayReact && !mayReply) return null;
  const react = (emoji: string): void =>
    void ask("react", { id, emoji: reactions[me] === emoji ? null : emoji }, "chat.reacted.failed");
  return (
    <MenuTrigger>
      <Button
        className={styles.more ?? ""}
        aria-label={isMine ? t("chat.more.mine") : t("chat.more", { name })}
      >
        <Ellipsis size={16} aria-hidden="true" />
      </Button>
      <Popover placement="bottom end">
        <Menu aria-label={t("chat.more.label")}>
          {mayReact && (
            <AriaMenuSection className={styles.palette ?? ""} aria-label={t("chat.react")}>
              {signs.map((emoji) => (
                <AriaMenuItem
                  key={emoji}
                  className={styles.emoji ?? ""}
                  textValue={emoji}
                  data-mine={reactions[me] === emoji || undefined}
                  onAction={() => react(emoji)}
                >
                  {emoji}
                </AriaMenuItem>
              ))}
            </AriaMenuSection>
          )}
          {mayReply && <ReplyItem message={message} />}
          {isMine && mayReply && !file && (
            <MenuItem icon={<Pencil size={16} />} onAction={onEdit}>
              {t("chat.edit")}
            </MenuItem>
          )}
          {mayDelete && (
            <MenuItem
              icon={<Trash size={16} />}
              onAction={() => void ask("delete", { id }, "chat.deleted.failed")}
            >
              {t("chat.delete")}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function ReplyItem({ message: { id, by, to } }: { message: Message }) {
  const t = useT();
  const me = useMe();
  const session = useSession();
  const { names } = useLog(chatLog);
  const reply = (): void => {
    // A private word is answered where it was said: never to everybody.
    const other = by === me ? to : by;
    const addressee = to === null || other === null ? undefined : { id: other, name: names[other] ?? "" };
    outboxOf(session).update((box) => ({ ...box, replyTo: id, to: addressee ?? box.to }));
  };
  return (
    <MenuItem icon={<Reply size={16} />} onAction={reply}>
      {t("chat.reply")}
    </MenuItem>
  );
}

/** Whoever may write to all may answer anything; where one writes to hosts alone, only what they said to one. */
function useMayReply({ to }: Message): boolean {
  const mayWrite = useMay("chat");
  const toHosts = useMay("chat_hosts");
  return mayWrite || (toHosts && to !== null);
}
