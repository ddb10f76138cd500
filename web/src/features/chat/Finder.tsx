import { Button } from "react-aria-components";

import { useT } from "../../i18n/react";
import { Download, Search, X } from "../../ui/icons";
import { useLog, useMe, useRoom } from "../../ui/room/context";

import styles from "./chat.module.css";
import { offer, stamp, written } from "./save";
import { chatLog } from "./state";

/** Over the messages: what is looked for among them, and all of them as a file. */
export function Finder({ wanted, onWanted }: { wanted: string; onWanted(wanted: string): void }) {
  const t = useT();
  return (
    <div className={styles.finder} role="search">
      <Search size={16} aria-hidden="true" />
      <input
        className={styles.wanted}
        aria-label={t("chat.search")}
        placeholder={t("chat.search")}
        dir="auto"
        value={wanted}
        onChange={({ target }) => onWanted(target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || wanted === "") return;
          event.stopPropagation();
          onWanted("");
        }}
      />
      {wanted === "" ? (
        <SaveButton />
      ) : (
        <Button
          className={styles.tool ?? ""}
          aria-label={t("chat.search.clear")}
          onPress={() => onWanted("")}
        >
          <X size={16} aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}

function SaveButton() {
  const t = useT();
  const me = useMe();
  const { session } = useRoom();
  const { messages, names } = useLog(chatLog);
  const save = (): void => {
    const file = written(
      messages,
      { of: (id) => names[id] ?? "", me },
      { private: (name) => t("chat.private", { name }), me: t("chat.me") },
    );
    offer(`${t("chat.title")} ${stamp(session.serverNow()).replace(":", "")}.txt`, file);
  };
  return (
    <Button
      className={styles.tool ?? ""}
      aria-label={t("chat.save")}
      isDisabled={messages.length === 0}
      onPress={save}
    >
      <Download size={16} aria-hidden="true" />
    </Button>
  );
}
