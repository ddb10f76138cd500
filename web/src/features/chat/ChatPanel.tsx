import { memo, useCallback, useEffect, useMemo, useState } from "react";
import { Button } from "react-aria-components";

import { isImeKey } from "../../core/keyboard";
import { useT } from "../../i18n/react";
import { IconButton } from "../../ui/Button";
import { ChevronDown, CircleAlert, SendHorizontal, UserRoundCheck } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import {
  useChangeLook,
  useIsHost,
  useLog,
  useLook,
  useMe,
  usePeople,
  useSession,
  useStore,
} from "../../ui/room/context";
import { showToast } from "../../ui/Toast";
import { useWindowed } from "../../ui/windowed";

import styles from "./chat.module.css";
import { discard, type Draft, outboxOf, retry, send, UNSENT_AFTER_MS } from "./outbox";
import { type Block, blocks, chatLog } from "./state";

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** What a block takes before it has been drawn: its head, and a line of text for each message. */
const HEAD_PX = 36;
const LINE_PX = 24;

export function ChatPanel() {
  const t = useT();
  const session = useSession();
  const { messages, enabled } = useLog(chatLog);
  const { drafts } = useStore(outboxOf(session));
  const said = useMemo(() => blocks(messages), [messages]);
  const keys = useMemo(() => [...said.map(({ key }) => key), ...drafts.map(({ id }) => id)], [said, drafts]);
  const guess = useCallback((index: number) => HEAD_PX + LINE_PX * (said[index]?.lines.length ?? 1), [said]);
  const { box, height, rows } = useWindowed(keys, guess, "log");
  useEffect(() => {
    const last = messages.at(-1);
    outboxOf(session).update((before) => ({ ...before, seen: Math.max(before.seen, last?.seq ?? 0) }));
  }, [session, messages]);
  return (
    <>
      <div
        className={styles.list}
        data-scrolls=""
        // Without a stop of its own, a keyboard could not scroll it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t("chat.title")}
      >
        <p className={styles.from}>{t("chat.who_sees")}</p>
        {keys.length === 0 && <p className={styles.empty}>{t("chat.empty")}</p>}
        <div ref={box} className={styles.blocks} style={{ height }}>
          {rows.map(({ index, top }) => {
            const block = said[index];
            const draft = drafts[index - said.length];
            return (
              <article
                key={keys[index]}
                className={styles.place}
                style={{ top }}
                data-row={keys[index]}
                aria-setsize={keys.length}
                aria-posinset={index + 1}
              >
                {block && <MessageBlock block={block} />}
                {draft && <DraftBlock draft={draft} />}
              </article>
            );
          })}
        </div>
      </div>
      {enabled ? <Composer /> : <p className={styles.off}>{t("chat.off")}</p>}
    </>
  );
}

const MessageBlock = memo(function MessageBlock({ block }: { block: Block }) {
  const t = useT();
  const me = useMe();
  const session = useSession();
  const isHost = useIsHost();
  const mine = block.by === me;
  const mayDelete = mine || isHost;
  const remove = (id: string): void => {
    void (async () => {
      const { kind } = await session.do("chat", "delete", { id }, { deadlineMs: UNSENT_AFTER_MS });
      if (kind !== "done") showToast({ text: t("chat.deleted.failed") });
    })();
  };
  return (
    <div className={styles.block} data-private={block.to !== null || undefined}>
      {block.to !== null && <PrivateLabel by={block.by} name={block.name} to={block.to} />}
      <p className={styles.who}>
        <bdi>{mine ? t("chat.me") : block.name}</bdi>
        <time dateTime={block.at}>{time.format(new Date(block.at))}</time>
      </p>
      {block.lines.map(({ id, text }) => (
        <p key={id} className={styles.text} dir="auto">
          {text}
          {mayDelete && (
            <Button className={styles.delete ?? ""} onPress={() => remove(id)}>
              {t("chat.delete")}
            </Button>
          )}
        </p>
      ))}
    </div>
  );
});

function PrivateLabel({ by, name, to }: { by: string; name: string; to: string }) {
  const t = useT();
  const me = useMe();
  const { names } = useLog(chatLog);
  const other = by === me ? (names[to] ?? "") : name;
  return (
    <p className={styles.private}>
      <UserRoundCheck size={14} strokeWidth={2} aria-hidden="true" />
      {t("chat.private", { name: other })}
    </p>
  );
}

/** C1: said in the message's own place, with a way on and a way out. */
function DraftBlock({ draft }: { draft: Draft }) {
  const t = useT();
  const me = useMe();
  const session = useSession();
  return (
    <div className={styles.block} data-private={draft.to !== null || undefined}>
      {draft.to !== null && <PrivateLabel by={me} name="" to={draft.to} />}
      <p className={styles.who}>
        <bdi>{t("chat.me")}</bdi>
        <time dateTime={draft.at}>{time.format(new Date(draft.at))}</time>
      </p>
      <p className={styles.text} dir="auto" data-pending={draft.state === "sending" || undefined}>
        {draft.text}
      </p>
      {draft.state === "unsent" && (
        <p className={styles.unsent} role="alert">
          <CircleAlert size={16} aria-hidden="true" />
          <span>{t("chat.unsent")}</span>
          <Button className={styles.action ?? ""} onPress={() => retry(session, draft)}>
            {t("chat.retry")}
          </Button>
          <Button className={styles.action ?? ""} data-quiet="" onPress={() => discard(session, draft)}>
            {t("chat.delete")}
          </Button>
        </p>
      )}
    </div>
  );
}

const MOST_CHARACTERS = 4000;

function Composer() {
  const t = useT();
  const session = useSession();
  const box = outboxOf(session);
  const { field } = useStore(box);
  const people = usePeople().filter(({ self, role }) => !self && role !== "service");
  const { addressee } = useLook();
  const change = useChangeLook();
  const to = people.find(({ id }) => id === addressee);
  const [isLong, setLong] = useState(false);
  const write = (text: string): void => {
    box.update((before) => ({ ...before, field: text }));
    setLong(text.length > MOST_CHARACTERS);
  };
  const submit = (): void => {
    const text = field.replace(/^[\s\u3000]+|[\s\u3000]+$/gu, "");
    if (text === "" || isLong) return;
    send(session, text, to?.id ?? null);
    write("");
  };
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <MenuTrigger>
        <Button className={styles.to ?? ""}>
          {t("chat.to")} <bdi>{to?.name ?? t("chat.everyone")}</bdi>
          <ChevronDown size={16} aria-hidden="true" />
        </Button>
        <Popover placement="top start">
          <Menu
            aria-label={t("chat.to")}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[to?.id ?? "everyone"]}
            onSelectionChange={(keys) => {
              const [key] = keys === "all" ? [] : keys;
              change({ addressee: key === "everyone" || key === undefined ? null : String(key) });
            }}
          >
            {[{ id: "everyone", name: t("chat.everyone") }, ...people].map(({ id, name }) => (
              <MenuItem key={id} id={id} textValue={name}>
                <bdi>{name}</bdi>
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      <div className={styles.row}>
        <textarea
          className={styles.field}
          aria-label={to ? t("chat.field.private", { name: to.name }) : t("chat.field")}
          aria-invalid={isLong || undefined}
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
          isDisabled={field.trim() === "" || isLong}
        >
          <SendHorizontal size={20} strokeWidth={1.75} />
        </IconButton>
      </div>
      {isLong && (
        <p className={styles.long} role="alert">
          {t("chat.too_long", { max: MOST_CHARACTERS })}
        </p>
      )}
    </form>
  );
}
