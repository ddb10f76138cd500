import { useLayoutEffect, useRef } from "react";

import type { Light } from "../../core/api/branding-client";
import { lineIn } from "../../core/branding/line";
import { useLocale, useT } from "../../i18n/react";
import { Brand } from "../../ui/Brand";
import { paint } from "../../ui/branded";
import { Mark } from "../../ui/Mark";

import styles from "./branding.module.css";
import { type SectionProps, shadesOf, useBranding } from "./desk";

type Shown = Pick<SectionProps, "said" | "draft">;

/** As a guest would see it at the door, on a light page and on a dark one. */
export function Preview({ said, draft }: Shown) {
  const t = useT();
  return (
    <aside className={styles.preview} aria-label={t("branding.preview")}>
      <h2>{t("branding.preview")}</h2>
      <Door said={said} draft={draft} theme="light" />
      <Door said={said} draft={draft} theme="dark" />
      <p className={styles.note}>{t("branding.preview.text")}</p>
    </aside>
  );
}

function Door({ said, draft, theme }: Shown & { theme: Light }) {
  const t = useT();
  const locale = useLocale();
  const { called } = useBranding();
  const door = useRef<HTMLElement>(null);
  const shades = shadesOf(said, draft);
  useLayoutEffect(() => (door.current ? paint(door.current, shades) : undefined), [shades]);
  const line = lineIn(locale, draft.line);
  return (
    <figure ref={door} className={styles.door} data-theme={theme}>
      <div className={styles.bar}>
        <Brand />
        <Mark name={draft.name.trim() || called} logo={said.logo} />
      </div>
      {line && (
        <p className={styles.line} lang={line.lang} dir="auto">
          {line.words}
        </p>
      )}
      <div className={styles.acts} aria-hidden="true">
        <span className={styles.join}>{t("branding.preview.join")}</span>
        <span className={styles.link}>{t("branding.preview.link")}</span>
      </div>
      <figcaption>{t(`branding.preview.${theme}`)}</figcaption>
    </figure>
  );
}
