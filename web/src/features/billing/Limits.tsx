import type { PlanShown } from "../../core/api/billing-client";
import { useT } from "../../i18n/react";
import { Lock } from "../../ui/icons";

import styles from "./billing.module.css";

const limits = ["people", "minutes", "at_once"] as const;
/** What this product does: a plan may name what is to come, and nobody is shown that. */
const services = ["api", "directory_sync"] as const;

/** What the plan holds. */
export function Limits({ plan }: { plan: PlanShown }) {
  const t = useT();
  return (
    <section aria-label={t("billing.limits", { plan: plan.name })}>
      <h2>{t("billing.limits", { plan: plan.name })}</h2>
      <dl className={styles.limits}>
        {limits.map((name) => (
          <div key={name}>
            <dt>{t(`billing.limit.${name}`)}</dt>
            <dd>{plan[name] === null ? t("billing.limit.none") : plan[name]}</dd>
          </div>
        ))}
        <div>
          <dt>{t("billing.services")}</dt>
          <dd>
            {services
              .filter((name) => plan.services.includes(name))
              .map((name) => t(`billing.service.${name}`))
              .join(" · ") || t("billing.services.none")}
          </dd>
        </div>
        <div>
          <dt>{t("billing.support")}</dt>
          <dd>{t(`billing.support.${plan.support}`)}</dd>
        </div>
      </dl>
      <p className={styles.security}>
        <Lock size={20} strokeWidth={1.75} aria-hidden="true" />
        {t("billing.security")}
      </p>
    </section>
  );
}
