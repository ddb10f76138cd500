import { Button } from "react-aria-components";

import { size } from "../../core/sizes";
import { useT } from "../../i18n/react";
import { CircleAlert, FileText } from "../../ui/icons";
import { useSession } from "../../ui/room/context";

import styles from "./chat.module.css";
import type { Draft } from "./outbox";
import { bringAgain, giveUp } from "./parcels";
import { whyNot } from "./why";

/** A file on its way, in its own place: how much has gone, and how to end it; or why it isn't, and how to try again. */
export function FileDraft({ draft, file }: { draft: Draft; file: File }) {
  const t = useT();
  const session = useSession();
  const percent = Math.floor((draft.part ?? 0) * 100);
  const isSending = draft.state === "sending";
  return (
    <div className={styles.file}>
      <p className={styles.fileRow}>
        <FileText size={20} strokeWidth={1.75} aria-hidden="true" />
        <span className={styles.fileWords}>
          <bdi className={styles.fileName}>{file.name}</bdi>
          <span className={styles.fileSize}>
            {isSending ? t("chat.file.sending", { percent, size: size(file.size) }) : size(file.size)}
          </span>
          {isSending && (
            <progress
              className={styles.progress}
              aria-label={t("chat.file.progress", { name: file.name })}
              max={100}
              value={percent}
            />
          )}
        </span>
        {isSending && (
          <Button className={styles.action ?? ""} data-quiet="" onPress={() => giveUp(session, draft)}>
            {t("chat.file.cancel")}
          </Button>
        )}
      </p>
      {!isSending && (
        <p className={styles.unsent} role="alert">
          <CircleAlert size={16} aria-hidden="true" />
          <span>{whyNot(t, file.name, draft.why)}</span>
          <Button className={styles.action ?? ""} onPress={() => bringAgain(session, draft)}>
            {t("chat.retry")}
          </Button>
          <Button className={styles.action ?? ""} data-quiet="" onPress={() => giveUp(session, draft)}>
            {t("chat.delete")}
          </Button>
        </p>
      )}
    </div>
  );
}
