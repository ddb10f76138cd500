import { useCallback } from "react";

import type { PlanPage, PlanShown } from "../../core/api/billing-client";
import type { OwnUsage } from "../../core/api/usage-client";
import { monthName } from "../../core/money";
import { useLocale, useT } from "../../i18n/react";
import { Lock, TriangleAlert } from "../../ui/icons";
import { useAsked } from "../../ui/asking";

import styles from "./billing.module.css";
import { useBilling } from "./desk";
import { filled, type Used, usedOf } from "./used";

/** What this product does: a plan may name what is to come, and nobody is shown that. */
export const services = ["branding", "api", "directory_sync"] as const;

/** null while it isn't known: what a plan allows is shown without it. */
export function useUsage(): OwnUsage | null {
  const { usage } = useBilling();
  const [asked] = useAsked(useCallback(() => usage(), [usage]));
  return asked.at === "here" ? asked.value : null;
}

/** What is used this month beside what the plan allows. */
export function Limits({ page }: { page: PlanPage }) {
  const t = useT();
  const locale = useLocale();
  const usage = useUsage();
  const { plan } = page;
  return (
    <section aria-label={t("billing.limits", { plan: plan.name })}>
      <h2>
        {usage
          ? t("billing.used", { month: monthName(usage.month, locale), plan: plan.name })
          : t("billing.limits", { plan: plan.name })}
      </h2>
      <dl className={styles.used}>
        {usedOf(page, usage).map((one) => (
          <Bar key={one.what} of={one} />
        ))}
      </dl>
      <dl className={styles.limits}>
        {usage && <Sums of={usage} />}
        <Services plan={plan} />
      </dl>
      <p className={styles.security}>
        <Lock size={20} strokeWidth={1.75} aria-hidden="true" />
        {t("billing.security")}
      </p>
    </section>
  );
}

function Bar({ of }: { of: Used }) {
  const t = useT();
  const number = new Intl.NumberFormat(useLocale());
  const { what, used, most, isNear } = of;
  const said = used === null ? null : number.format(used);
  return (
    <div>
      <dt>{t(`billing.used.${what}`)}</dt>
      <dd>
        {most === null
          ? [said, t("billing.limit.none")].filter(Boolean).join(" · ")
          : said === null
            ? t("billing.used.most", { most: number.format(most) })
            : t("billing.used.of", { used: said, most: number.format(most) })}
      </dd>
      {most !== null && used !== null && (
        <dd className={styles.track} aria-hidden="true">
          <span
            className={styles.bar}
            data-near={isNear || undefined}
            style={{ inlineSize: `${filled(of)}%` }}
          />
        </dd>
      )}
      {isNear && (
        <dd className={styles.near}>
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
          {t(`billing.near.${what}`, { over: number.format(Math.max(0, (used ?? 0) - (most ?? 0))) })}
        </dd>
      )}
    </div>
  );
}

function Sums({ of }: { of: OwnUsage }) {
  const t = useT();
  const number = new Intl.NumberFormat(useLocale());
  return (["minutes", "meetings"] as const).map((name) => (
    <div key={name}>
      <dt>{t(`billing.met.${name}`)}</dt>
      <dd>{number.format(of[name])}</dd>
    </div>
  ));
}

function Services({ plan }: { plan: PlanShown }) {
  const t = useT();
  return (
    <>
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
    </>
  );
}
