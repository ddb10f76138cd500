import { size } from "../../core/sizes";
import { useT } from "../../i18n/react";
import { IconButton } from "../../ui/Button";
import { FileText, X } from "../../ui/icons";
import { useSession } from "../../ui/room/context";

import styles from "./chat.module.css";
import { unchoose } from "./parcels";

/** What goes with the next message: looked at before it is sent. */
export function Tray({ files }: { files: readonly File[] }) {
  const t = useT();
  const session = useSession();
  if (files.length === 0) return null;
  return (
    <ul className={styles.tray} aria-label={t("chat.file.chosen")}>
      {files.map((file, index) => (
        // Two files may be called the same; one is only ever taken away.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={`${file.name} ${file.lastModified} ${index}`} className={styles.chosen}>
          <FileText size={16} aria-hidden="true" />
          <bdi className={styles.fileName}>{file.name}</bdi>
          <span className={styles.fileSize}>{size(file.size)}</span>
          <IconButton
            size={32}
            aria-label={t("chat.file.unchoose", { name: file.name })}
            onPress={() => unchoose(session, file)}
          >
            <X size={16} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
