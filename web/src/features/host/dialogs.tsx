import { useState } from "react";

import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { useMay, useMeeting, usePeople, useRoom, useSession, useStore } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";
import { showToast } from "../../ui/Toast";

import { askedAbout } from "./asking";
import styles from "./host.module.css";
import { shownSwitches } from "./switches";

export function HostDialogs() {
  const asked = useStore(askedAbout(useSession()));
  switch (asked?.what) {
    case "remove":
      return <Removal {...asked} />;
    case "hand_over":
      return <HandOver {...asked} />;
    case "allow":
      return <Allow {...asked} />;
    case "report":
      return <Report {...asked} />;
    case "host_key":
      return <HostKey />;
    case undefined:
      return null;
  }
}

function useClose(): () => void {
  const session = useSession();
  return () => askedAbout(session).set(null);
}

/** Removing cannot be undone, so it asks again. */
function Removal({ person: { id, name } }: { person: Present }) {
  const t = useT();
  const [block, setBlock] = useState(false);
  const deed = useDeed();
  const close = useClose();
  return (
    <Dialog isOpen role="alertdialog" title={t("host.remove.title", { name })} onOpenChange={close}>
      <p aria-live="polite">{t(block ? "host.block.text" : "host.remove.text")}</p>
      <Checkbox isSelected={block} onChange={setBlock}>
        {t("host.remove.block")}
      </Checkbox>
      <DialogButtons>
        <Button onPress={close}>{t("host.cancel")}</Button>
        <Button
          look="danger"
          onPress={() => {
            close();
            void deed("remove", { participant: id, block }, name);
          }}
        >
          {t("host.remove")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

function HandOver({ person: { id, name } }: { person: Present }) {
  const t = useT();
  const deed = useDeed();
  const close = useClose();
  return (
    <Dialog isOpen role="alertdialog" title={t("host.hand_over.title", { name })} onOpenChange={close}>
      <p>{t("host.hand_over.text")}</p>
      <DialogButtons>
        <Button onPress={close}>{t("host.cancel")}</Button>
        <Button
          look="primary"
          onPress={() => {
            close();
            void deed("hand_over", { participant: id }, name);
          }}
        >
          {t("host.hand_over")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

/** One person may more, or less, than all. */
function Allow({ person: { id, name } }: { person: Present }) {
  const t = useT();
  const deed = useDeed();
  const close = useClose();
  const { policy, overrides } = useMeeting();
  const own = overrides[id] ?? {};
  const all = [
    ...shownSwitches.map((what) => ({ what, rule: policy.may[what] })),
    { what: "chat", rule: policy.chat !== "off" },
  ];
  return (
    <Dialog isOpen title={t("host.allow.title", { name })} onOpenChange={close}>
      <div className={styles.may} role="group" aria-label={t("host.allow.title", { name })}>
        {all.map(({ what, rule }) => (
          <Checkbox
            key={what}
            isSelected={own[what] ?? rule}
            onChange={(may) =>
              // What is as for all follows when that changes.
              void deed("let", { participant: id, may: { [what]: may === rule ? null : may } }, name)
            }
          >
            {t(`host.may.${what}`)}
          </Checkbox>
        ))}
      </div>
      <p className={styles.hint}>{t("host.allow.text")}</p>
      <DialogButtons>
        <Button look="primary" onPress={close}>
          {t("host.done")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

const MOST_WORDS = 1000;

function Report({ person }: { person: Present | null }) {
  const t = useT();
  const deed = useDeed();
  const close = useClose();
  const others = usePeople().filter(({ self }) => !self);
  const [about, setAbout] = useState(person?.id ?? others[0]?.id ?? "");
  const [words, setWords] = useState("");
  const name = person?.name ?? others.find(({ id }) => id === about)?.name ?? "";
  const send = async (): Promise<void> => {
    close();
    if (await deed("report", { participant: about, what: words.trim() }, name))
      showToast({ text: t("host.reported") });
  };
  return (
    <Dialog isOpen title={t("host.report")} onOpenChange={close}>
      <p className={styles.hint}>{t("host.report.text")}</p>
      {person === null && (
        <label className={styles.label}>
          {t("host.report.who")}
          <select className={styles.field} value={about} onChange={({ target }) => setAbout(target.value)}>
            {others.map((other) => (
              <option key={other.id} value={other.id}>
                {other.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className={styles.label}>
        {t("host.report.what", { name })}
        <textarea
          className={styles.field}
          rows={4}
          maxLength={MOST_WORDS}
          dir="auto"
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
      </label>
      <DialogButtons>
        <Button onPress={close}>{t("host.cancel")}</Button>
        <Button look="primary" isDisabled={about === ""} onPress={() => void send()}>
          {t("host.report.send")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

/** For another device of the same host. Whoever has it hosts: it goes nowhere by itself. */
function HostKey() {
  const t = useT();
  const close = useClose();
  const hostKey = useStore(useRoom().hostKey) ?? "";
  const isOwner = useMay("own");
  const [isReplacing, setReplacing] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(hostKey);
      showToast({ text: t("host.key.copied") });
    } catch {
      showToast({ text: t("host.key.uncopied") });
    }
  };
  return (
    <Dialog isOpen title={t("host.key")} onOpenChange={close}>
      <p className={styles.hint}>{t("host.key.text")}</p>
      {hostKey ? (
        <code className={styles.key}>{hostKey}</code>
      ) : (
        <p className={styles.hint}>{t("host.key.elsewhere")}</p>
      )}
      {isReplacing ? (
        <ReplaceKey onDone={() => setReplacing(false)} />
      ) : (
        <DialogButtons>
          {isOwner && (
            <Button look="plain" onPress={() => setReplacing(true)}>
              {t("host.key.new")}
            </Button>
          )}
          <Button onPress={close}>{t("host.done")}</Button>
          <Button look="primary" isDisabled={hostKey === ""} onPress={() => void copy()}>
            {t("host.key.copy")}
          </Button>
        </DialogButtons>
      )}
    </Dialog>
  );
}

/** The old one ends at once, wherever it is kept: so it is asked again. */
function ReplaceKey({ onDone }: { onDone(): void }) {
  const t = useT();
  const room = useRoom();
  const [isBusy, setBusy] = useState(false);
  const replace = async (): Promise<void> => {
    setBusy(true);
    const isDone = await room.replaceHostKey();
    showToast({ text: t(isDone ? "host.key.replaced" : "ui.failed") });
    onDone();
  };
  return (
    <>
      <p role="alert">{t("host.key.new.text")}</p>
      <DialogButtons>
        <Button onPress={onDone}>{t("host.cancel")}</Button>
        <Button look="danger" isPending={isBusy} onPress={() => void replace()}>
          {t("host.key.new")}
        </Button>
      </DialogButtons>
    </>
  );
}
