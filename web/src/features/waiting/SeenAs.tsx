import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";

import { nameLimit } from "../../core/names";
import { useT } from "../../i18n/react";
import { Users } from "../../ui/icons";
import { announce } from "../../ui/live";
import { NameForm } from "../../ui/NameForm";
import { useRoom, useSelected, useSession, useStore } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";

import styles from "./WaitingPage.module.css";

/** Under which name a host sees one wait, and how to change it. Whoever has a link of their own has its name. */
export function SeenAs() {
  const t = useT();
  const session = useSession();
  const { name } = useStore(session.you);
  const [isOpen, setOpen] = useState(false);
  const place = useFocusInside(isOpen);
  const isFixed = useSelected(
    session.entry,
    (entry) => entry.at === "waiting" && entry.reason === "link_in_use",
  );
  const isMembers = session.passage.join.role === "member";
  if (isOpen)
    return (
      <div ref={place} className={styles.renaming}>
        <Change name={name} onDone={() => setOpen(false)} />
      </div>
    );
  return (
    <>
      <Users size={18} strokeWidth={1.75} aria-hidden="true" />
      <span ref={place}>
        {t("waiting.seen_as")} <strong dir="auto">{name}</strong>{" "}
        {!isFixed && !isMembers && (
          <Button
            className={styles.change ?? ""}
            aria-label={t("waiting.rename.label")}
            onPress={() => setOpen(true)}
          >
            {t("waiting.rename")}
          </Button>
        )}
      </span>
    </>
  );
}

function Change({ name: before, onDone }: { name: string; onDone(): void }) {
  const t = useT();
  const { prefs } = useRoom();
  const deed = useDeed();
  const [isBusy, setBusy] = useState(false);
  const rename = async (name: string): Promise<void> => {
    setBusy(true);
    if (name === before || (await deed("rename", { name }))) {
      prefs.set({ name });
      announce(`${t("waiting.seen_as")} ${name}`);
    }
    onDone();
  };
  return (
    <NameForm
      name={before}
      words={{
        label: t("waiting.rename.name"),
        save: t("waiting.rename.save"),
        cancel: t("waiting.rename.cancel"),
        long: t("waiting.rename.long", { limit: nameLimit }),
      }}
      isBusy={isBusy}
      onName={(name) => void rename(name)}
      onCancel={onDone}
    />
  );
}

/** What was pressed gives way to a field, and comes back: the focus is on what stands there then. */
function useFocusInside(isOpen: boolean): (element: HTMLElement | null) => void {
  const element = useRef<HTMLElement>(null);
  const before = useRef(isOpen);
  useEffect(() => {
    if (before.current === isOpen) return;
    before.current = isOpen;
    element.current?.querySelector<HTMLElement>("input, button")?.focus();
  }, [isOpen]);
  return (found) => {
    element.current = found;
  };
}
