import { useEffect } from "react";
import { createPortal } from "react-dom";

import type { InvitationShown } from "../../core/api/http";
import { useT } from "../../i18n/react";
import { useMeeting } from "../../ui/room/context";

import styles from "./invite.module.css";

export interface PrintSheetProps {
  links: readonly InvitationShown[];
  made: ReadonlyMap<string, string>;
  onDone(): void;
}

/** Strips to cut apart, one a person. On paper alone: on the screen it is never seen. */
export function PrintSheet({ links, made, onDone }: PrintSheetProps) {
  const t = useT();
  const { title } = useMeeting();
  useEffect(() => {
    addEventListener("afterprint", onDone, { once: true });
    print();
    return () => removeEventListener("afterprint", onDone);
  }, [onDone]);
  return createPortal(
    <div className={styles.sheet} data-print="" aria-hidden="true">
      {links.map(({ id, name }) => (
        <section key={id}>
          <p>
            <strong dir="auto">{name}</strong> {title}
          </p>
          <p>{made.get(id)}</p>
          <p>{t("invite.print.text")}</p>
        </section>
      ))}
    </div>,
    document.body,
  );
}
