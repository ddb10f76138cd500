import { useEffect, useRef } from "react";
import { Button } from "react-aria-components";

import { isImeKey } from "../../core/keyboard";
import { useT } from "../../i18n/react";
import { IconButton } from "../../ui/Button";
import { X } from "../../ui/icons";
import { useChangeLook, useRoom } from "../../ui/room/context";

import styles from "./PanelCard.module.css";

/** One panel at a time. Esc closes it and the focus returns to where it came from. */
export function PanelCard({ open }: { open: string }) {
  const t = useT();
  const { features } = useRoom();
  const change = useChangeLook();
  const panels = features.flatMap(({ panel }) => panel ?? []).sort((a, b) => a.order - b.order);
  const shown = panels.find(({ id }) => id === open);
  const from = useRef<Element | null>(null);
  useEffect(() => {
    from.current = document.activeElement;
    return () => {
      if (from.current instanceof HTMLElement && from.current.isConnected) from.current.focus();
    };
  }, []);
  if (!shown) return null;
  const { Panel } = shown;
  const close = (): void => change({ panel: null });
  return (
    <aside
      className={styles.card}
      data-region="panel"
      aria-label={t(shown.title)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || isImeKey(event.nativeEvent) || event.defaultPrevented) return;
        event.stopPropagation();
        close();
      }}
    >
      <div className={styles.head}>
        <div className={styles.tabs}>
          {panels.map(({ id, title }) => (
            <Button
              key={id}
              className={styles.tab ?? ""}
              aria-current={id === open ? "true" : undefined}
              onPress={() => change({ panel: id })}
            >
              {t(title)}
            </Button>
          ))}
        </div>
        <IconButton aria-label={t("ui.close")} onPress={close}>
          <X size={20} strokeWidth={1.75} />
        </IconButton>
      </div>
      <Panel />
    </aside>
  );
}
