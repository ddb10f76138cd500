import type { MouseEvent, ReactNode } from "react";

import styles from "./Tabbed.module.css";

export interface TabbedProps {
  /** Of all the tabs together. */
  title: string;
  tabs: readonly { path: string; word: string }[];
  /** Where one is. */
  path: string;
  onGo(path: string): void;
  /** Tables and lists, not fields. */
  wide?: boolean;
  /** The page has a headline of its own. */
  headed?: boolean;
  children: ReactNode;
}

/** Settings, an organisation, the operator's pages: what there is at the left, the chosen one at the right. */
export function Tabbed({ title, tabs, path, onGo, wide = false, headed = false, children }: TabbedProps) {
  const chosen = tabs.find((tab) => tab.path === path);
  return (
    <div className={styles.tabbed} data-wide={wide || undefined}>
      <nav className={styles.tabs} aria-label={title}>
        <p className={styles.title} aria-hidden="true">
          {title}
        </p>
        {tabs.map((tab) => (
          <a
            key={tab.path}
            className={styles.tab}
            href={tab.path}
            aria-current={tab === chosen ? "page" : undefined}
            onClick={(event) => follow(event, () => onGo(tab.path))}
          >
            {tab.word}
          </a>
        ))}
      </nav>
      <div className={styles.content}>
        {!headed && <h1 className={styles.heading}>{chosen?.word ?? title}</h1>}
        {children}
      </div>
    </div>
  );
}

/** A new tab of the browser stays one. */
function follow(event: MouseEvent, go: () => void): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go();
}
