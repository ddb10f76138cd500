import { useState } from "react";

import type { PlanSaid, Support } from "../../../core/api/selling-client";
import { useT } from "../../../i18n/react";
import { useDeed } from "../../../ui/asking";
import { Checkbox } from "../../../ui/Checkbox";
import { Segments } from "../../../ui/Segments";
import { TextField } from "../../../ui/TextField";

import { Changed } from "./Changed";
import { useSelling } from "./desk";
import { type Draft, draftOf, FREE, idOf, limits, NEW, read, services, supports } from "./drafts";
import { AskedDialog } from "./parts";
import { Prices } from "./Prices";
import styles from "./selling.module.css";
import { placed, wordsOf } from "./trouble";

const fields = {
  "billing.plan_name": "name",
  "billing.price": "prices",
  "billing.currency": "prices",
  "billing.limit": "limits",
  "billing.seats": "seats",
  "billing.trial": "trial",
} as const;

interface PlanDialogProps {
  /** null: a new one. */
  plan: PlanSaid | null;
  known: readonly PlanSaid[];
  onSaid(): void;
  onClose(): void;
}

/** A plan, new or changed. Security can't be named: it is in every plan. */
export function PlanDialog({ plan, known, onSaid, onClose }: PlanDialogProps) {
  const t = useT();
  const { api } = useSelling();
  const deed = useDeed();
  const [draft, setDraft] = useState<Draft>(plan ? draftOf(plan) : NEW);
  const found = read(draft);
  const taken = plan === null && known.some(({ id }) => id === draft.id);
  const said = "plan" in found && draft.name.trim() && draft.id && !taken ? found.plan : null;

  async function submit() {
    if (said && (await deed.run(() => api.sayPlan(said)))) onSaid();
  }

  return (
    <AskedDialog
      title={t(plan ? "billing.selling.plan.change" : "billing.selling.plan.new", { plan: plan?.name ?? "" })}
      word={t(plan ? "billing.selling.plan.save" : "billing.selling.plan.offer")}
      isWide
      effect={said && <Changed before={plan} after={said} />}
      error={placed(deed.trouble, (trouble) => wordsOf(t, trouble), fields).form}
      busy={deed.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Fields
        draft={draft}
        isNew={plan === null}
        wrong={"wrong" in found ? found.wrong : new Set()}
        refused={{
          ...placed(deed.trouble, (trouble) => wordsOf(t, trouble), fields),
          ...(taken && { id: t("billing.selling.plan.id.taken") }),
        }}
        onChange={(more) => setDraft({ ...draft, ...more })}
      />
    </AskedDialog>
  );
}

interface FieldsProps {
  draft: Draft;
  isNew: boolean;
  wrong: ReadonlySet<string>;
  refused: Readonly<Record<string, string | undefined>>;
  onChange(more: Partial<Draft>): void;
}

function Fields({ draft, isNew, wrong, refused, onChange }: FieldsProps) {
  const t = useT();
  const isFree = draft.id === FREE && !isNew;
  return (
    <>
      <Named draft={draft} isNew={isNew} refused={refused} onChange={onChange} />
      {!isFree && (
        <Prices
          prices={draft.prices}
          wrong={wrong}
          error={refused["prices"]}
          onChange={(prices) => onChange({ prices })}
        />
      )}
      <LimitFields draft={draft} wrong={wrong} error={refused["limits"]} onChange={onChange} />
      <fieldset className={styles.group}>
        <legend>{t("billing.selling.services")}</legend>
        <div className={styles.services}>
          {services.map((one) => (
            <Checkbox
              key={one}
              isSelected={draft.services.includes(one)}
              onChange={(holds) =>
                onChange({
                  services: holds ? [...draft.services, one] : draft.services.filter((each) => each !== one),
                })
              }
            >
              {t(`billing.service.${one}`)}
            </Checkbox>
          ))}
        </div>
        <p className={styles.hint}>{t("billing.security")}</p>
      </fieldset>
      <div className={styles.group}>
        <span className={styles.legend}>{t("billing.selling.support")}</span>
        <Segments<Support>
          label={t("billing.selling.support")}
          isWide
          choices={supports.map((id) => ({ id, word: t(`billing.selling.support.${id}.word`) }))}
          chosen={draft.support}
          onChoose={(support) => onChange({ support })}
        />
      </div>
      {!isFree && <Counts draft={draft} wrong={wrong} refused={refused} onChange={onChange} />}
    </>
  );
}

/** The id follows the name until somebody types another. */
function Named({ draft, isNew, refused, onChange }: Omit<FieldsProps, "wrong">) {
  const t = useT();
  return (
    <div className={styles.fields}>
      <TextField
        label={t("billing.selling.plan.name")}
        value={draft.name}
        maxLength={64}
        error={refused["name"]}
        onChange={(name) =>
          onChange({ name, ...(isNew && draft.id === idOf(draft.name) && { id: idOf(name) }) })
        }
      />
      {isNew && (
        <TextField
          label={t("billing.selling.plan.id")}
          hint={t("billing.selling.plan.id.hint")}
          value={draft.id}
          maxLength={32}
          error={refused["id"]}
          onChange={(id) => onChange({ id })}
        />
      )}
    </div>
  );
}

function LimitFields({
  draft,
  wrong,
  error,
  onChange,
}: Pick<FieldsProps, "draft" | "wrong" | "onChange"> & { error: string | undefined }) {
  const t = useT();
  return (
    <fieldset className={styles.group}>
      <legend>{t("billing.selling.limits")}</legend>
      <div className={styles.three}>
        {limits.map((one) => (
          <TextField
            key={one}
            label={t(`billing.limit.${one}`)}
            placeholder={t("billing.limit.none")}
            inputMode="numeric"
            value={draft.limits[one]}
            error={wrong.has(one) ? t("billing.selling.number") : undefined}
            onChange={(typed) => onChange({ limits: { ...draft.limits, [one]: typed } })}
          />
        ))}
      </div>
      {error && <p className={styles.error}>{error}</p>}
    </fieldset>
  );
}

function Counts({ draft, wrong, refused, onChange }: Omit<FieldsProps, "isNew">) {
  const t = useT();
  const seats = wrong.has("seats") ? t("billing.selling.number") : refused["seats"];
  return (
    <div className={styles.three}>
      <TextField
        label={t("billing.selling.fewest")}
        inputMode="numeric"
        value={draft.fewest}
        error={seats}
        onChange={(fewest) => onChange({ fewest })}
      />
      <TextField
        label={t("billing.selling.most")}
        placeholder={t("billing.limit.none")}
        inputMode="numeric"
        value={draft.most}
        onChange={(most) => onChange({ most })}
      />
      <TextField
        label={t("billing.selling.trial")}
        placeholder={t("billing.selling.trial.none")}
        inputMode="numeric"
        value={draft.trial}
        error={wrong.has("trial") ? t("billing.selling.number") : refused["trial"]}
        onChange={(trial) => onChange({ trial })}
      />
    </div>
  );
}
