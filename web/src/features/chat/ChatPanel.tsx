import { useCallback, useEffect, useMemo, useState } from "react";
import { Button } from "react-aria-components";

import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { CircleAlert } from "../../ui/icons";
import { useMay, useLog, useMe, useSession, useStore } from "../../ui/room/context";
import { useWindowed } from "../../ui/windowed";

import styles from "./chat.module.css";
import { Composer } from "./Composer";
import { FileDraft } from "./FileDraft";
import { Finder } from "./Finder";
import { MessageBlock, PrivateLabel, Quote } from "./MessageBlock";
import { discard, type Draft, outboxOf, retry } from "./outbox";
import { blocks, chatLog, found, type Message } from "./state";
import { Words } from "./Words";

/** What a block takes before it has been drawn: its head, and a line of text for each message. */
const HEAD_PX = 36;
const LINE_PX = 24;
const NONE: readonly Draft[] = [];

export function ChatPanel() {
  const t = useT();
  const session = useSession();
  const { messages, enabled } = useLog(chatLog);
  const { drafts } = useStore(outboxOf(session));
  const mayWriteToAll = useMay("chat");
  const mayWrite = useMay("chat_hosts") || mayWriteToAll;
  const [wanted, setWanted] = useState("");
  const isSearching = wanted.trim() !== "";
  const shown = useMemo(() => found(messages, wanted), [messages, wanted]);
  const said = useMemo(() => blocks(shown), [shown]);
  const me = useMe();
  const unsent = useMemo(
    () => (isSearching ? NONE : drafts.filter((draft) => !isThere(draft, messages, me))),
    [isSearching, drafts, messages, me],
  );
  const keys = useMemo(() => [...said.map(({ key }) => key), ...unsent.map(({ id }) => id)], [said, unsent]);
  const guess = useCallback((index: number) => HEAD_PX + LINE_PX * (said[index]?.lines.length ?? 1), [said]);
  const { box, height, rows } = useWindowed(keys, guess, "log");
  useEffect(() => {
    const last = messages.at(-1);
    outboxOf(session).update((before) => ({ ...before, seen: Math.max(before.seen, last?.seq ?? 0) }));
  }, [session, messages]);
  return (
    <>
      <Finder wanted={wanted} onWanted={setWanted} />
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
        <p className={styles.from} role={isSearching ? "status" : undefined}>
          {isSearching ? t("chat.found", { count: shown.length }) : t("chat.who_sees")}
        </p>
        {keys.length === 0 && !isSearching && <p className={styles.empty}>{t("chat.empty")}</p>}
        <div ref={box} className={styles.blocks} style={{ height }}>
          {rows.map(({ index, top }) => {
            const block = said[index];
            const draft = unsent[index - said.length];
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
      {enabled && mayWrite ? <Composer /> : <p className={styles.off}>{t("chat.off")}</p>}
    </>
  );
}

/** A file's message is told before its upload is answered. What isn't taken is said, whatever there is that is like it. */
function isThere({ file, part, at, state }: Draft, messages: readonly Message[], me: string): boolean {
  if (part !== 1 || state !== "sending") return false;
  return messages.some(
    (one) => one.by === me && one.at >= at && one.file?.name === file?.name && one.file?.size === file?.size,
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
        <time dateTime={draft.at}>{timeOfDay(draft.at)}</time>
      </p>
      {draft.replyTo !== null && <Quote id={draft.replyTo} />}
      {draft.file && <FileDraft draft={draft} file={draft.file} />}
      {!draft.file && (
        <p className={styles.text} dir="auto" data-pending={draft.state === "sending" || undefined}>
          <Words text={draft.text} />
        </p>
      )}
      {draft.state === "unsent" && !draft.file && (
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
