import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";

import { isImeKey } from "../../core/keyboard";
import { isHosting } from "../../core/meeting/people";
import { useT } from "../../i18n/react";
import { IconButton } from "../../ui/Button";
import { ChevronDown, SendHorizontal, X } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { useMay, usePeople, useSession, useStore } from "../../ui/room/context";

import styles from "./chat.module.css";
import { Quote } from "./MessageBlock";
import { type Addressee, isTooLong, outboxOf, send, trimmed } from "./outbox";
import { TooLong } from "./TooLong";

/**
 * Law: words go to whom they were begun for. When that person leaves, the message stays unsent, with its words kept,
 * until its writer has chosen somebody else.
 */
export function Composer() {
  const t = useT();
  const session = useSession();
  const box = outboxOf(session);
  const { field, to, replyTo } = useStore(box);
  const words = useRef<HTMLTextAreaElement>(null);
  const people = usePeople();
  const isToHosts = useIsToHosts();
  const isGone = to !== null && !people.some(({ id }) => id === to.id);
  const isUnaddressed = isToHosts && !people.some(({ id, role }) => id === to?.id && isHosting(role));
  const [isLong, setLong] = useState(false);
  const write = (text: string): void => {
    box.update((before) => ({ ...before, field: text }));
    setLong(isTooLong(text));
  };
  const submit = (): void => {
    const text = trimmed(field);
    if (text === "" || isLong || isGone || isUnaddressed) return;
    send(session, text, to?.id ?? null, replyTo);
    box.update((before) => ({ ...before, replyTo: null }));
    write("");
  };
  useEffect(() => {
    if (replyTo !== null) words.current?.focus();
  }, [replyTo]);
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      noValidate
    >
      <ForWhom to={to} isGone={isGone} />
      {replyTo !== null && <Answered id={replyTo} />}
      <div className={styles.row}>
        <textarea
          ref={words}
          className={styles.field}
          aria-label={to ? t("chat.field.private", { name: to.name }) : t("chat.field")}
          aria-invalid={isLong || isGone || undefined}
          placeholder={t("chat.field")}
          rows={1}
          dir="auto"
          value={field}
          onChange={({ target }) => write(target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || isImeKey(event.nativeEvent)) return;
            event.preventDefault();
            submit();
          }}
        />
        <IconButton
          type="submit"
          size={48}
          look="ctl"
          aria-label={t("chat.send")}
          isDisabled={field.trim() === "" || isLong || isGone || isUnaddressed}
        >
          <SendHorizontal size={20} strokeWidth={1.75} />
        </IconButton>
      </div>
      {isGone && (
        <p className={styles.long} role="alert">
          {t("chat.gone", { name: to.name })}
        </p>
      )}
      {isLong && <TooLong />}
    </form>
  );
}

function Answered({ id }: { id: string }) {
  const t = useT();
  const box = outboxOf(useSession());
  return (
    <div className={styles.answered}>
      <Quote id={id} />
      <IconButton
        size={32}
        aria-label={t("chat.reply.cancel")}
        onPress={() => box.update((before) => ({ ...before, replyTo: null }))}
      >
        <X size={16} />
      </IconButton>
    </div>
  );
}

const EVERYONE = "everyone";

/** The hosts have set that people write to hosts alone. */
function useIsToHosts(): boolean {
  const isToHosts = useMay("chat_hosts");
  return !useMay("chat") && isToHosts;
}

function ForWhom({ to, isGone }: { to: Addressee | null; isGone: boolean }) {
  const t = useT();
  const box = outboxOf(useSession());
  const isToHosts = useIsToHosts();
  const people = usePeople().filter(
    ({ self, role }) => !self && role !== "service" && (!isToHosts || isHosting(role)),
  );
  const everyone = isToHosts ? [] : [{ id: EVERYONE, name: t("chat.everyone") }];
  const choose = (key: string): void => {
    const chosen = people.find(({ id }) => id === key);
    const addressee = chosen ? { id: chosen.id, name: chosen.name } : null;
    // For other eyes than those it was begun for: what it answers may not be theirs to see.
    box.update((before) => ({ ...before, to: addressee, replyTo: null }));
  };
  return (
    <MenuTrigger>
      <Button className={styles.to ?? ""} data-gone={isGone || undefined}>
        {t("chat.to")} <bdi>{to?.name ?? t(isToHosts ? "chat.a_host" : "chat.everyone")}</bdi>
        <ChevronDown size={16} aria-hidden="true" />
      </Button>
      <Popover placement="top start">
        <Menu
          aria-label={t("chat.to")}
          selectionMode="single"
          // To choose the same again is a choice too, when that person has left.
          selectedKeys={isGone ? [] : [to?.id ?? EVERYONE]}
          onAction={(key) => choose(String(key))}
        >
          {[...everyone, ...people].map(({ id, name }) => (
            <MenuItem key={id} id={id} textValue={name}>
              <bdi>{name}</bdi>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
