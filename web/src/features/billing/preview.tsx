/** What something would cost, shown before anybody says yes to it. */
import { useEffect, useState } from "react";

import type { PreviewRequest, PreviewShown } from "../../core/api/billing-client";
import { useLocale, useT } from "../../i18n/react";
import type { Trouble } from "../../ui/asking";

import styles from "./billing.module.css";
import { Lines } from "./Coming";
import { useBilling } from "./desk";
import { day, inWords } from "../../core/money";
import { wordsOf } from "./trouble";

const TYPED_MS = 250;

export type Preview =
  { at: "asking" } | { at: "here"; value: PreviewShown } | { at: "refused"; trouble: Trouble };

/**
 * Asked for when what is wanted stays the same for a moment.
 * @param wanted null: there is nothing to ask @param seen what it would change, which may be another meanwhile
 */
export function usePreview(wanted: PreviewRequest | null, seen: number): Preview {
  const { api, org } = useBilling();
  const key = JSON.stringify([wanted, seen]);
  const [found, setFound] = useState<{ of: string; preview: Preview } | null>(null);
  useEffect(() => {
    const [asked] = JSON.parse(key) as [PreviewRequest | null, number];
    if (asked === null) return undefined;
    let isWanted = true;
    const timer = setTimeout(async () => {
      const answer = await api.preview(org, asked);
      if (isWanted) setFound({ of: key, preview: read(answer) });
    }, TYPED_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, org, key]);
  return found?.of === key ? found.preview : { at: "asking" };
}

function read(answer: Awaited<ReturnType<ReturnType<typeof useBilling>["api"]["preview"]>>): Preview {
  switch (answer.kind) {
    case "ok":
      return { at: "here", value: answer.value };
    case "refused":
      return { at: "refused", trouble: answer.refusal };
    case "unreachable":
      return { at: "refused", trouble: "gone" };
  }
}

export function Costs({ preview }: { preview: Preview }) {
  const t = useT();
  const locale = useLocale();
  if (preview.at === "asking") return <p className={styles.quiet}>{t("billing.reckoning")}</p>;
  if (preview.at === "refused")
    return (
      <p className={styles.error} role="status">
        {wordsOf(t, preview.trouble)}
      </p>
    );
  const { now, coming, at_once: atOnce, subscription } = preview.value;
  return (
    <div className={styles.costs} role="status">
      {now && (
        <>
          <div className={styles.sum}>
            <h3>{t("billing.costs.now")}</h3>
            <strong>{inWords(now.total - now.credit, now.currency, locale)}</strong>
          </div>
          <Lines of={now} credit={now.credit} />
          <p className={styles.quiet}>{t("billing.costs.days")}</p>
        </>
      )}
      {!atOnce && subscription?.next && (
        <p>{t("billing.costs.later", { day: day(subscription.last, locale) })}</p>
      )}
      {coming && now && (
        <p>
          {t("billing.costs.next", {
            day: day(coming.day, locale),
            total: inWords(coming.total - coming.credit, coming.currency, locale),
          })}
        </p>
      )}
      {coming && !now && (
        <>
          <div className={styles.sum}>
            <h3>{t("billing.coming", { day: day(coming.day, locale) })}</h3>
            <strong>{inWords(coming.total - coming.credit, coming.currency, locale)}</strong>
          </div>
          <Lines of={coming} credit={coming.credit} />
        </>
      )}
    </div>
  );
}
