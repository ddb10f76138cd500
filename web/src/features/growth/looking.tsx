/** What is looked behind: any figure on the page leads to who it is made of. */
import { createContext, type ReactNode, useContext } from "react";

import type { Figure, Which } from "../../core/api/growth-client";
import { useT } from "../../i18n/react";

import styles from "./growth.module.css";

export interface Look extends Which {
  /** What is looked at, and of when; as the dialog's title says it. */
  what: string;
  when: string;
}

const Looking = createContext<(look: Look) => void>(() => undefined);
export const LookingProvider = Looking;
export const useLooking = () => useContext(Looking);

/** In a table that is only read aloud nothing may have the focus. */
export const InSight = createContext(true);

export function looked(figure: Figure, quarter: string, of = "", began = ""): Which {
  return { figure, quarter, of, began };
}

/** A figure that one looks behind. */
export function Looked({ at, children }: { at: Look; children: ReactNode }) {
  const t = useT();
  const onLook = useLooking();
  if (!useContext(InSight)) return children;
  return (
    <button
      type="button"
      className={styles.looked}
      aria-label={t("growth.behindOf", { what: `${at.what}, ${at.when}`, value: String(children) })}
      onClick={() => onLook(at)}
    >
      {children}
    </button>
  );
}
