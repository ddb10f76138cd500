import { useCallback, useMemo, useState } from "react";

import type { CustomerPage, MovedShown } from "../../../core/api/selling-client";
import { day, inWords } from "../../../core/money";
import { useLocale, useT } from "../../../i18n/react";
import { usePaged } from "../../../ui/asking";
import { Button } from "../../../ui/Button";

import { useSelling } from "./desk";
import styles from "./selling.module.css";
import { wordsOf } from "./trouble";

const FEW = 6;

/** Money that came and went, the newest first; older of it a page at a time. */
export function Moved({ page }: { page: CustomerPage }) {
  const t = useT();
  const { api } = useSelling();
  const [all, setAll] = useState(false);
  const { org, moved, moved_next: next } = page;
  const first = useMemo(() => ({ moved, next }), [moved, next]);
  const listed = usePaged(
    first,
    useCallback((after: string) => api.moved(org, after), [api, org]),
  );
  const shown = listed.pages.flatMap((one) => one.moved);
  if (shown.length === 0) return null;
  const folded = !all && shown.length > FEW;
  const more = folded ? () => setAll(true) : listed.more && (() => void listed.more?.());
  return (
    <section aria-label={t("billing.selling.moved")}>
      <h2>{t("billing.selling.moved")}</h2>
      <ul className={styles.rows}>
        {(folded ? shown.slice(0, FEW) : shown).map((one, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- they have no name, and are only ever added to
          <Row key={place} one={one} />
        ))}
      </ul>
      {listed.trouble && <p className={styles.error}>{wordsOf(t, listed.trouble)}</p>}
      {more && (
        <Button look="plain" size={32} isDisabled={listed.busy} onPress={more}>
          {t("billing.selling.more")}
        </Button>
      )}
    </section>
  );
}

function Row({ one }: { one: MovedShown }) {
  const t = useT();
  const locale = useLocale();
  const sign = one.kind === "refund" ? -1 : 1;
  const through = one.through === "bank" ? "bank" : "provider";
  return (
    <li className={styles.moved}>
      <span>{t(`billing.selling.moved.${one.kind}`, { number: one.number || "none" })}</span>
      <span className={styles.amount}>{inWords(sign * one.amount, one.currency, locale)}</span>
      <span className={styles.hint}>
        {day(one.day, locale)} · {t(`billing.selling.moved.${through}`)}
      </span>
    </li>
  );
}
