/**
 * One toast at a time. A newer one takes the older one's place; one that waits for an answer (`stays`) comes back when
 * the newer one has gone. Toasts are for what just happened; what is still going on is a Banner.
 */
import { createPortal } from "react-dom";

import { Store } from "../core/store";
import { useT } from "../i18n/react";

import { Button, IconButton } from "./Button";
import { X } from "./icons";
import { announce } from "./live";
import styles from "./Toast.module.css";
import { useSelected, useStore } from "./use-store";

export interface Toast {
  text: string;
  actions?: readonly { label: string; run: () => void }[];
  /** Stays until answered or closed; others go after six seconds, after ten where there is something to press. */
  stays?: boolean;
}

const SHOWN_MS = 6000;
const SHOWN_WITH_ACTIONS_MS = 10_000;

const queue = new Store<readonly Toast[]>([]);
let timer: ReturnType<typeof setTimeout> | undefined;

/** @returns a function that takes the toast away again, and says whether it was still there */
export function showToast(toast: Toast): () => boolean {
  queue.update((before) => [...before.filter((shown) => shown.stays), toast]);
  announce(toast.text);
  count();
  return () => dismiss(toast);
}

function dismiss(toast: Toast): boolean {
  if (!queue.get().includes(toast)) return false;
  queue.update((before) => before.filter((shown) => shown !== toast));
  count();
  return true;
}

/** What passes by is shown while it does; what stays has the time to wait. */
function current(): Toast | undefined {
  const toasts = queue.get();
  return toasts.find((toast) => !toast.stays) ?? toasts[0];
}

function count(): void {
  clearTimeout(timer);
  const shown = current();
  if (!shown || shown.stays) return;
  timer = setTimeout(() => dismiss(shown), shown.actions ? SHOWN_WITH_ACTIONS_MS : SHOWN_MS);
}

/** Whoever is about to press it has the time to. */
const held = {
  onPointerEnter: () => clearTimeout(timer),
  onPointerLeave: count,
  onFocus: () => clearTimeout(timer),
  onBlur: count,
};

/** Where a phone's room has a row for it: there the stage gives way, and nothing is covered. */
const row = new Store<HTMLElement | null>(null);

/** For a `ref`: toasts are in that element while it is there. */
export function toastRow(element: HTMLElement | null): void {
  row.set(element);
}

/** Mounted once in the page shell. F6 reaches it as a region of the page. */
export function ToastRegion() {
  const place = useStore(row);
  const region = <Region isRow={place !== null} />;
  return place ? createPortal(region, place) : region;
}

function Region({ isRow }: { isRow: boolean }) {
  const toast = useSelected(queue, current);
  const t = useT();
  if (!toast) return null;
  return (
    <section
      className={styles.region}
      data-row={isRow || undefined}
      data-region="notice"
      aria-label={t("ui.notice")}
    >
      <div className={styles.toast} {...held}>
        <span className={styles.text}>{toast.text}</span>
        {toast.actions?.map((action) => (
          <Button
            key={action.label}
            look="plain"
            size={32}
            onPress={() => {
              dismiss(toast);
              action.run();
            }}
          >
            {action.label}
          </Button>
        ))}
        <IconButton size={32} aria-label={t("ui.close")} onPress={() => dismiss(toast)}>
          <X size={16} />
        </IconButton>
      </div>
    </section>
  );
}
