import { useEffect, useRef, useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { OctagonX } from "../../ui/icons";
import { useDeed } from "../../ui/room/deed";

import styles from "./host.module.css";

/** Two presses, no typing: the first says what it does, the second does it. */
export function StopEverything() {
  const t = useT();
  const deed = useDeed();
  const [isOpen, setOpen] = useState(false);
  const now = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) now.current?.querySelector("button")?.focus();
  }, [isOpen]);
  if (!isOpen)
    return (
      <Button wide look="plain" onPress={() => setOpen(true)}>
        <span className={styles.stop}>
          <OctagonX size={20} strokeWidth={1.75} aria-hidden="true" />
          {t("host.stop")}
        </span>
      </Button>
    );
  return (
    <section className={styles.stopping} aria-label={t("host.stop")}>
      <OctagonX size={20} strokeWidth={1.75} aria-hidden="true" />
      <div>
        <h3>{t("host.stop")}</h3>
        <p>{t("host.stop.text")}</p>
        <div ref={now} className={styles.buttons}>
          <Button look="danger" onPress={() => void deed("stop_everything", {})}>
            {t("host.stop.now")}
          </Button>
          <Button look="plain" onPress={() => setOpen(false)}>
            {t("host.stop.cancel")}
          </Button>
        </div>
      </div>
    </section>
  );
}
