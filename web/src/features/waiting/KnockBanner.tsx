import { useState } from "react";

import type { Waiter } from "../../core/meeting/hosted";
import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button, IconButton } from "../../ui/Button";
import { DoorOpen, X } from "../../ui/icons";
import { useChangeLook, useLook, useMay, useMeeting } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";
import { useMedia } from "../../ui/room/form";

import { useWords } from "./marks";
import styles from "./waiting.module.css";

/** So many are named; the others are a number. */
const MOST_NAMED = 2;

/**
 * Somebody is at the door: stays until they are answered, or put aside until the next one comes. One row, however many
 * there are, and over nobody's face.
 */
export function KnockBanner() {
  const t = useT();
  const { waiting } = useMeeting();
  const isHost = useMay("host");
  const { panel } = useLook();
  const change = useChangeLook();
  const deed = useDeed();
  const isNarrow = useMedia("(max-width: 1099px)");
  const [aside, setAside] = useState<readonly string[]>([]);
  const isNews = waiting.some(({ id }) => !aside.includes(id));
  if (!isHost || waiting.length === 0 || panel === "people" || !isNews) return null;
  const named = waiting.slice(0, isNarrow ? 1 : MOST_NAMED);
  const unnamed = waiting.length - named.length;
  return (
    <section className={styles.knock} data-region="notice" aria-label={t("waiting.section")}>
      <p className={styles.count}>
        <DoorOpen size={20} strokeWidth={1.75} aria-hidden="true" />
        <strong>{t("waiting.count", { count: waiting.length })}</strong>
      </p>
      {named.map((waiter) => (
        <Named key={waiter.id} waiter={waiter} />
      ))}
      {unnamed > 0 && (
        <Button size={32} look="plain" onPress={() => change({ panel: "people" })}>
          {t("waiting.more_named", { count: unnamed })}
        </Button>
      )}
      {waiting.length > 1 && (
        <Button size={32} look="plain" onPress={() => void deed("admit_all", {})}>
          {t("waiting.admit_all")}
        </Button>
      )}
      <IconButton
        size={32}
        aria-label={t("waiting.later")}
        onPress={() => setAside(waiting.map(({ id }) => id))}
      >
        <X size={16} />
      </IconButton>
    </section>
  );
}

function Named({ waiter }: { waiter: Waiter }) {
  const t = useT();
  const deed = useDeed();
  const words = useWords(waiter);
  const { id, name } = waiter;
  return (
    <div className={styles.named}>
      <Avatar id={id} name={name} picture={waiter.picture} size={28} />
      <p className={styles.who}>
        <bdi>{name}</bdi>
        <small data-marked={waiter.marks.length > 0 || undefined}>{words}</small>
      </p>
      <Button
        size={32}
        aria-label={t("waiting.admit.label", { name })}
        onPress={() => void deed("admit", { participant: id }, name)}
      >
        {t("waiting.admit")}
      </Button>
      <Button
        size={32}
        look="plain"
        aria-label={t("waiting.deny.label", { name })}
        onPress={() => void deed("deny", { participant: id, block: false }, name)}
      >
        {t("waiting.deny")}
      </Button>
    </div>
  );
}
