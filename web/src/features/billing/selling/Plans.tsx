import { useState } from "react";

import type { PlanSaid } from "../../../core/api/selling-client";
import { useLocale, useT } from "../../../i18n/react";
import { Button } from "../../../ui/Button";
import { useDeed } from "../../../ui/asking";

import { useSelling } from "./desk";
import { FREE } from "./drafts";
import { AskedDialog } from "./parts";
import { PlanDialog } from "./PlanDialog";
import { holdsOf, pricesOf } from "./said";
import styles from "./selling.module.css";
import { wordsOf } from "./trouble";

type Open = { at: "new" } | { at: "change" | "offer"; plan: PlanSaid } | null;

/** What can be subscribed to. */
export function Plans({ plans, onSaid }: { plans: readonly PlanSaid[]; onSaid(): void }) {
  const t = useT();
  const [open, setOpen] = useState<Open>(null);
  const said = () => {
    setOpen(null);
    onSaid();
  };
  const isFirst = plans.every(({ id }) => id === FREE);
  return (
    <section aria-label={t("billing.selling.plans")}>
      <div className={styles.title}>
        <h2>{t("billing.selling.plans")}</h2>
        <Button
          look={isFirst ? "primary" : "plain"}
          size={isFirst ? 40 : 32}
          onPress={() => setOpen({ at: "new" })}
        >
          {t("billing.selling.plan.make")}
        </Button>
      </div>
      {isFirst && <p className={styles.hint}>{t("billing.selling.plans.none")}</p>}
      <ul className={styles.rows}>
        {plans.map((one) => (
          <PlanRow
            key={one.id}
            plan={one}
            onChange={() => setOpen({ at: "change", plan: one })}
            onOffer={() => setOpen({ at: "offer", plan: one })}
          />
        ))}
      </ul>
      {open?.at === "new" && (
        <PlanDialog plan={null} known={plans} onSaid={said} onClose={() => setOpen(null)} />
      )}
      {open?.at === "change" && (
        <PlanDialog plan={open.plan} known={plans} onSaid={said} onClose={() => setOpen(null)} />
      )}
      {open?.at === "offer" && <OfferDialog plan={open.plan} onSaid={said} onClose={() => setOpen(null)} />}
    </section>
  );
}

interface PlanRowProps {
  plan: PlanSaid;
  onChange(): void;
  onOffer(): void;
}

function PlanRow({ plan, onChange, onOffer }: PlanRowProps) {
  const t = useT();
  const locale = useLocale();
  const isOffered = plan.offered ?? true;
  return (
    <li className={styles.plan}>
      <div className={styles.named}>
        <p className={styles.strong} dir="auto">
          {plan.name}
          {!isOffered && <span className={styles.chip}>{t("billing.selling.plan.withdrawn")}</span>}
        </p>
        <div className={styles.acts}>
          <Button
            look="plain"
            size={32}
            aria-label={t("billing.selling.plan.change", { plan: plan.name })}
            onPress={onChange}
          >
            {t("billing.selling.change")}
          </Button>
          {plan.id !== FREE && (
            <Button
              look="plain"
              size={32}
              aria-label={t(isOffered ? "billing.selling.plan.withdraw" : "billing.selling.plan.again", {
                plan: plan.name,
              })}
              onPress={onOffer}
            >
              {t(isOffered ? "billing.selling.withdraw" : "billing.selling.again")}
            </Button>
          )}
        </div>
      </div>
      <p className={styles.hint}>{pricesOf(t, plan, locale)}</p>
      <p className={styles.hint}>{holdsOf(t, plan)}</p>
    </li>
  );
}

/** Nobody new gets it, or somebody does again. */
function OfferDialog({ plan, onSaid, onClose }: { plan: PlanSaid; onSaid(): void; onClose(): void }) {
  const t = useT();
  const { api } = useSelling();
  const deed = useDeed();
  const isOffered = plan.offered ?? true;

  async function submit() {
    if (await deed.run(() => api.sayPlan({ ...plan, offered: !isOffered }))) onSaid();
  }

  return (
    <AskedDialog
      title={t(isOffered ? "billing.selling.plan.withdraw" : "billing.selling.plan.again", {
        plan: plan.name,
      })}
      word={t(isOffered ? "billing.selling.withdraw" : "billing.selling.again")}
      isDanger={isOffered}
      effect={
        <p>
          {t(isOffered ? "billing.selling.effect.withdrawn" : "billing.selling.effect.again", {
            plan: plan.name,
          })}
        </p>
      }
      error={deed.trouble ? wordsOf(t, deed.trouble) : undefined}
      busy={deed.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
    />
  );
}
