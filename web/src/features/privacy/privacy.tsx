import { useT } from "../../i18n/react";

import styles from "./privacy.module.css";

/** A sentence here is a promise: who changes what it speaks of changes it first. */
const parts = {
  call: ["sound", "files", "device"],
  kept: ["meeting", "account", "organisation", "session", "here"],
  others: ["people", "hosts", "operator"],
  never: ["elsewhere", "attention", "makers"],
} as const;

/** What is kept, for how long, who sees it, and what is never done: in words anybody can hold us to. */
export function PrivacyWords() {
  const t = useT();
  return (
    <div className={styles.words}>
      {Object.entries(parts).map(([part, sentences]) => (
        <section key={part} aria-label={t(`privacy.${part}`)}>
          <h2 className={styles.heading}>{t(`privacy.${part}`)}</h2>
          <ul className={styles.list}>
            {sentences.map((one) => (
              <li key={one}>{t(`privacy.${part}.${one}`)}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
