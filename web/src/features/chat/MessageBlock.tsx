import { memo, useState } from "react";
import { Button } from "react-aria-components";

import { UNSENT_AFTER_MS } from "../../core/meeting/channel";
import type { Payload } from "../../core/meeting/wire";
import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { UserRoundCheck } from "../../ui/icons";
import { useLog, useMay, useMe, useSession } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

import styles from "./chat.module.css";
import { EditField } from "./EditField";
import { FileLine } from "./FileLine";
import { MessageMenu } from "./MessageMenu";
import { type Block, chatLog, counted, type Message } from "./state";
import { Words } from "./Words";

/** What one person wrote, one line after the other. */
export const MessageBlock = memo(function MessageBlock({ block }: { block: Block }) {
  const t = useT();
  const isMine = block.by === useMe();
  return (
    <div className={styles.block} data-private={block.to !== null || undefined}>
      {block.to !== null && <PrivateLabel by={block.by} name={block.name} to={block.to} />}
      <p className={styles.who}>
        <bdi>{isMine ? t("chat.me") : block.name}</bdi>
        <time dateTime={block.at}>{timeOfDay(block.at)}</time>
      </p>
      {block.lines.map((message) => (
        <Line key={message.id} message={message} />
      ))}
    </div>
  );
});

function Line({ message }: { message: Message }) {
  const t = useT();
  const ask = useAsk();
  const [isEditing, setEditing] = useState(false);
  const { id, text, replyTo, isEdited, file } = message;
  if (isEditing)
    return (
      <EditField
        text={text}
        onCancel={() => setEditing(false)}
        onSave={async (anew) => {
          const isDone = await ask("edit", { id, text: anew }, "chat.edited.failed");
          if (isDone) setEditing(false);
        }}
      />
    );
  return (
    <div className={styles.line}>
      {replyTo !== null && <Quote id={replyTo} />}
      {file && <FileLine file={file} />}
      {!file && (
        <p className={styles.text} dir="auto">
          <Words text={text} />
          {isEdited && <span className={styles.edited}>{t("chat.edited")}</span>}
        </p>
      )}
      <Reactions message={message} ask={ask} />
      <MessageMenu message={message} ask={ask} onEdit={() => setEditing(true)} />
    </div>
  );
}

/** Asks the server for a change to a message; what fails is said, and nothing is changed before it is so. */
export type Ask = (
  type: "edit" | "delete" | "react",
  payload: Payload,
  failed: "chat.edited.failed" | "chat.deleted.failed" | "chat.reacted.failed",
) => Promise<boolean>;

function useAsk(): Ask {
  const t = useT();
  const session = useSession();
  return async (type, payload, failed) => {
    const { kind } = await session.do("chat", type, payload as never, { deadlineMs: UNSENT_AFTER_MS });
    if (kind !== "done") showToast({ text: t(failed) });
    return kind === "done";
  };
}

/** What is answered, in one line. */
export function Quote({ id }: { id: string }) {
  const t = useT();
  const me = useMe();
  const { messages } = useLog(chatLog);
  const answered = messages.find((message) => message.id === id);
  return (
    <p className={styles.quote} dir="auto">
      {answered ? (
        <>
          <bdi>{answered.by === me ? t("chat.me") : answered.name}</bdi>{" "}
          {answered.file?.name ?? answered.text}
        </>
      ) : (
        t("chat.quote.gone")
      )}
    </p>
  );
}

/** Only a line with reactions follows the log, of which every message is news. */
function Reactions(props: { message: Message; ask: Ask }) {
  return Object.keys(props.message.reactions).length > 0 ? <Signs {...props} /> : null;
}

function Signs({ message: { id, reactions }, ask }: { message: Message; ask: Ask }) {
  const t = useT();
  const me = useMe();
  const mayReact = useMay("react");
  const { names } = useLog(chatLog);
  const signs = counted(reactions, me);
  return (
    <div className={styles.reactions}>
      {signs.map(({ emoji, by, isMine }) => (
        <Button
          key={emoji}
          className={styles.reaction ?? ""}
          data-mine={isMine || undefined}
          aria-pressed={isMine}
          aria-label={t("chat.reaction", {
            emoji,
            count: by.length,
            names: by.map((who) => (who === me ? t("chat.me") : (names[who] ?? ""))).join(", "),
          })}
          isDisabled={!mayReact}
          onPress={() => void ask("react", { id, emoji: isMine ? null : emoji }, "chat.reacted.failed")}
        >
          <span aria-hidden="true">{emoji}</span> {by.length}
        </Button>
      ))}
    </div>
  );
}

export function PrivateLabel({ by, name, to }: { by: string; name: string; to: string }) {
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
