import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";

import { isImeKey } from "../../core/keyboard";
import { isHosting } from "../../core/meeting/people";
import { useT } from "../../i18n/react";
import { IconButton } from "../../ui/Button";
import { ChevronDown, Paperclip, SendHorizontal, X } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { useMay, usePeople, useSession, useStore } from "../../ui/room/context";

import styles from "./chat.module.css";
import { Quote } from "./MessageBlock";
import { type Addressee, isTooLong, MOST_CHARACTERS, outboxOf, send, trimmed } from "./outbox";
import { bringChosen, choose } from "./parcels";
import { TooLong } from "./TooLong";
import { Tray } from "./Tray";

/**
 * Law: words go to whom they were begun for. When that person leaves, the message stays unsent, with its words kept,
 * until its writer has chosen somebody else.
 */
export function Composer() {
  const t = useT();
  const session = useSession();
  const box = outboxOf(session);
  const { field, to, replyTo, chosen, isOver } = useStore(box);
  const mayBring = useMay("files");
  const words = useRef<HTMLTextAreaElement>(null);
  const people = usePeople();
  const isToHosts = useIsToHosts();
  const isGone = to !== null && !people.some(({ id }) => id === to.id);
  const isUnaddressed = isToHosts && !people.some(({ id, role }) => id === to?.id && isHosting(role));
  const [isLong, setLong] = useState(false);
  const hasNothing = field.trim() === "" && (chosen.length === 0 || !mayBring);
  const isIdle = hasNothing || isLong || isGone || isUnaddressed;
  const write = (text: string): void => {
    box.update((before) => ({ ...before, field: text }));
    setLong(isTooLong(text));
  };
  const submit = (): void => {
    if (isIdle) return;
    const text = trimmed(field);
    if (text !== "") send(session, text, to?.id ?? null, replyTo);
    bringChosen(session, to?.id ?? null, text === "" ? replyTo : null);
    box.update((before) => ({ ...before, replyTo: null }));
    write("");
  };
  useEffect(() => {
    if (replyTo !== null) words.current?.focus();
  }, [replyTo]);
  return (
    <form
      className={styles.composer}
      data-over={(isOver && mayBring) || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      noValidate
    >
      <ForWhom to={to} isGone={isGone} />
      {replyTo !== null && <Answered id={replyTo} />}
      {mayBring && <Tray files={chosen} />}
      {isOver && (
        <p className={styles.over}>{t(mayBring ? "chat.file.drop" : "chat.file.why.not_allowed")}</p>
      )}
      <div className={styles.row}>
        {mayBring && <Chooser />}
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
          onPaste={(event) => {
            const files = mayBring ? pasted(event.clipboardData, field.length) : [];
            if (files.length === 0) return;
            event.preventDefault();
            choose(session, files);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || isImeKey(event.nativeEvent)) return;
            event.preventDefault();
            submit();
          }}
        />
        <IconButton type="submit" size={48} look="ctl" aria-label={t("chat.send")} isDisabled={isIdle}>
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

/** Pictures and files; and what is too long for a message becomes a file, instead of being lost in the field. */
function pasted(data: DataTransfer, written: number): File[] {
  if (data.files.length > 0) return [...data.files];
  const text = data.getData("text/plain");
  return isTooLong(text) || written + text.length > MOST_CHARACTERS
    ? [new File([text], PASTED, { type: "text/plain" })]
    : [];
}

const PASTED = "text.txt";

function Chooser() {
  const t = useT();
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton size={48} aria-label={t("chat.file.choose")} onPress={() => input.current?.click()}>
        <Paperclip size={20} strokeWidth={1.75} />
      </IconButton>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          choose(session, [...(target.files ?? [])]);
          // The same may be chosen again.
          target.value = "";
        }}
      />
    </>
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
  const address = (key: string): void => {
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
          onAction={(key) => address(String(key))}
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
