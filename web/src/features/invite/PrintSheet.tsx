import { useEffect } from "react";
import { createPortal } from "react-dom";

import type { InvitationShown } from "../../core/api/http";
import { spellNumber } from "../../core/invitation/parse";
import { useT } from "../../i18n/react";
import { useMeeting } from "../../ui/room/context";

import styles from "./invite.module.css";

export interface PrintSheetProps {
  links: readonly InvitationShown[];
  made: ReadonlyMap<string, string>;
  onDone(): void;
}

/** Strips to cut apart, one a person and none over two pages. On paper alone: on the screen it is never seen. */
export function PrintSheet({ links, made, onDone }: PrintSheetProps) {
  const t = useT();
  const { title, number } = useMeeting();
  const meeting = title || t("invite.print.number", { number: spellNumber(number) });
  useEffect(() => {
    addEventListener("afterprint", onDone, { once: true });
    print();
    return () => removeEventListener("afterprint", onDone);
  }, [onDone]);
  return createPortal(
    <div className={styles.sheet} data-print="" aria-hidden="true">
      <h1>{t("invite.print.head")}</h1>
      {links.map(({ id, name }) => (
        <section key={id}>
          <p>
            <strong dir="auto">{name}</strong>
            <span dir="auto">{meeting}</span>
          </p>
          <code>{made.get(id)}</code>
          <p>{t("invite.print.text")}</p>
        </section>
      ))}
    </div>,
    document.body,
  );
}
