import type { MouseEvent, ReactNode } from "react";

import { useT } from "../i18n/react";

import { Brand } from "./Brand";
import styles from "./Page.module.css";

export interface PageProps {
  /** Title of the browser tab. */
  title?: string | undefined;
  /** After the brand. */
  nav?: ReactNode;
  /** Right end of the header. */
  header?: ReactNode;
  footer?: ReactNode;
  children: ReactNode;
}

/** The frame of every page outside the meeting room: header 64, one main, footer 64. */
export function Page({ title, nav, header, footer, children }: PageProps) {
  const t = useT();
  return (
    <div className={styles.page}>
      <title>{title ? `${title} · Folkmoot` : "Folkmoot"}</title>
      <a className={styles.skip} href="#main" onClick={skip}>
        {t("ui.skip")}
      </a>
      <header className={styles.header}>
        <a className={styles.brand} href="/">
          <Brand />
          <span>Folkmoot</span>
        </a>
        {nav}
        {header}
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </div>
  );
}

/** Without a new hash in the address: there stands the link's secret. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#main")?.focus();
}
