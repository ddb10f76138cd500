import { memo, useCallback, useEffect, useMemo } from "react";
import { Button } from "react-aria-components";

import { UNSENT_AFTER_MS } from "../../core/meeting/channel";
import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { CircleAlert, UserRoundCheck } from "../../ui/icons";
import { useMay, useLog, useMe, useSession, useStore } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";
import { useWindowed } from "../../ui/windowed";

import styles from "./chat.module.css";
import { Composer } from "./Composer";
import { discard, type Draft, outboxOf, retry } from "./outbox";
import { type Block, blocks, chatLog } from "./state";
import { Words } from "./Words";

/** What a block takes before it has been drawn: its head, and a line of text for each message. */
const HEAD_PX = 36;
const LINE_PX = 24;

export function ChatPanel() {
  const t = useT();
  const session = useSession();
  const { messages, enabled } = useLog(chatLog);
  const { drafts } = useStore(outboxOf(session));
  const mayWriteToAll = useMay("chat");
  const mayWrite = useMay("chat_hosts") || mayWriteToAll;
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
      {enabled && mayWrite ? <Composer /> : <p className={styles.off}>{t("chat.off")}</p>}
    </>
  );
}

const MessageBlock = memo(function MessageBlock({ block }: { block: Block }) {
  const t = useT();
  const me = useMe();
  const session = useSession();
  const isHost = useMay("host");
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
        <time dateTime={block.at}>{timeOfDay(block.at)}</time>
      </p>
      {block.lines.map(({ id, text }) => (
        <p key={id} className={styles.text} dir="auto">
          <Words text={text} />
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
        <time dateTime={draft.at}>{timeOfDay(draft.at)}</time>
      </p>
      <p className={styles.text} dir="auto" data-pending={draft.state === "sending" || undefined}>
        <Words text={draft.text} />
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
