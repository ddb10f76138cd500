import type { ComponentType } from "react";
import { useEffect } from "react";

import type { Chunk } from "../core/chunk";
import { useT } from "../i18n/react";

import { Button } from "./Button";
import styles from "./Part.module.css";
import { useStore } from "./use-store";

export interface PartProps<Props extends object> {
  of: Chunk<ComponentType<Props>>;
  props: Props;
}

/**
 * A part of the page that is fetched when it is first drawn. Not `lazy`: React holds back what comes after a
 * Suspense's fallback for 300 ms, and has no way to try again.
 */
export function Part<Props extends object>({ of, props }: PartProps<Props>) {
  const arrival = useStore(of.arrival);
  useEffect(() => of.preload(), [of]);
  if (arrival.at === "failed") return <Unfetched onRetry={() => of.preload()} />;
  if (arrival.at !== "here") return null;
  const { part: Drawn } = arrival;
  return <Drawn {...props} />;
}

/** P7: in the part's own place, so that everything around it goes on. */
function Unfetched({ onRetry }: { onRetry(): void }) {
  const t = useT();
  return (
    <div className={styles.part} role="alert">
      <p className={styles.title}>{t("ui.part.unfetched")}</p>
      <p className={styles.words}>{t("ui.part.unfetched.text")}</p>
      <Button onPress={onRetry}>{t("ui.part.again")}</Button>
    </div>
  );
}
