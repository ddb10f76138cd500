import type { ReactNode } from "react";

import { useT } from "../../i18n/react";
import { Check } from "../../ui/icons";

import type { Deed } from "./deed";
import { useDesk } from "./desk";
import styles from "./settings.module.css";
import { wordsOf } from "./trouble";

/** One matter of a tab. */
export function Part({ title, hint, children }: { title?: string; hint?: ReactNode; children?: ReactNode }) {
  return (
    <section className={styles.part}>
      {title && <h2 className={styles.heading}>{title}</h2>}
      {hint && <p className={styles.hint}>{hint}</p>}
      {children}
    </section>
  );
}

/** What became of the last change: a tick, or why it isn't so. */
export function Outcome({ deed, saved }: { deed: Deed; saved: boolean }) {
  const t = useT();
  const { now } = useDesk();
  if (deed.trouble)
    return (
      <p className={styles.wrong} role="alert">
        {wordsOf(t, deed.trouble, now())}
      </p>
    );
  return (
    <p className={styles.saved} role="status">
      {saved && (
        <>
          <Check size={16} aria-hidden="true" />
          {t("account.saved")}
        </>
      )}
    </p>
  );
}
