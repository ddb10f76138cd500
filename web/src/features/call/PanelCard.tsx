import { useEffect, useRef } from "react";
import { Button } from "react-aria-components";

import { isImeKey } from "../../core/keyboard";
import { useT } from "../../i18n/react";
import { IconButton } from "../../ui/Button";
import { Fault } from "../../ui/Fault";
import { X } from "../../ui/icons";
import { Part } from "../../ui/Part";
import { useChangeLook, useRoom } from "../../ui/room/context";
import { ordered } from "../../ui/room/feature";

import styles from "./PanelCard.module.css";

/**
 * One panel at a time. Esc closes it and the focus returns to where it came from. On a phone the button that opened it is
 * gone while it is open: the focus is never left on nothing, where no key and no screen reader finds it.
 */
export function PanelCard({ open }: { open: string }) {
  const t = useT();
  const { features } = useRoom();
  const change = useChangeLook();
  const panels = ordered(features, ({ panel }) => panel).filter(
    ({ isOffered }) => isOffered?.(features) ?? true,
  );
  const shown = panels.find(({ id }) => id === open);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    const from = document.activeElement;
    if (isNowhere(from)) card.current?.focus();
    return () => {
      if (from instanceof HTMLElement && from.isConnected && !isNowhere(from)) from.focus();
      else document.querySelector<HTMLElement>("main")?.focus();
    };
  }, []);
  if (!shown) return null;
  const close = (): void => change({ panel: null });
  return (
    <aside
      ref={card}
      tabIndex={-1}
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
      <Fault leaves="words" of={open}>
        <Part of={shown.Panel} props={{}} />
      </Fault>
    </aside>
  );
}

function isNowhere(element: Element | null): boolean {
  return element === null || element === document.body;
}
