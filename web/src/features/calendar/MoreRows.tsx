import { useT } from "../../i18n/react";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { TextArea } from "../../ui/TextArea";
import { TextField } from "../../ui/TextField";

import { Row } from "./PlanDialog";
import styles from "./PlanDialog.module.css";
import type { FieldsProps } from "./WhenFields";

const whos = ["link", "signed_in", "invited"] as const;
const earlies = ["0", "5", "10", "15", "30", "60", "120"] as const;

/** What most meetings leave as it is. */
export function MoreRows({ draft, onDraft, wrong, isWhole }: FieldsProps & { isWhole: boolean }) {
  const t = useT();
  return (
    <>
      <Row label={t("calendar.notes")}>
        <TextArea
          label={t("calendar.notes")}
          labelHidden
          placeholder={t("calendar.notes.placeholder")}
          value={draft.notes}
          onChange={(notes) => onDraft({ ...draft, notes })}
          error={wrong.includes("notes") && t("calendar.wrong.notes")}
        />
      </Row>
      {isWhole && (
        <>
          <Row label={t("calendar.who")}>
            <Select
              label={t("calendar.who")}
              labelHidden
              choices={whos.map((id) => ({ id, word: t(`calendar.who.${id}`) }))}
              chosen={draft.who}
              onChoose={(who) => onDraft({ ...draft, who })}
            />
          </Row>
          <Row label={t("calendar.early")}>
            <Select
              label={t("calendar.early")}
              labelHidden
              choices={earliesWith(draft.earlyMinutes).map((id) => ({
                id,
                word: t("calendar.early.minutes", { count: Number(id) }),
              }))}
              chosen={String(draft.earlyMinutes)}
              onChoose={(early) => onDraft({ ...draft, earlyMinutes: Number(early) })}
              hint={t("calendar.early.hint")}
            />
          </Row>
          <Row label={t("calendar.capacity")}>
            <TextField
              label={t("calendar.capacity")}
              labelHidden
              placeholder={t("calendar.capacity.none")}
              inputMode="numeric"
              value={draft.capacity}
              onChange={(capacity) => onDraft({ ...draft, capacity })}
              error={wrong.includes("capacity") && t("calendar.wrong.capacity")}
            />
          </Row>
          <Row label={t("calendar.attendance")} hint={t("calendar.attendance.hint")}>
            <div className={styles.switchRow}>
              <Switch
                isSelected={draft.attendance}
                onChange={(attendance) => onDraft({ ...draft, attendance })}
              >
                {t("calendar.attendance.keep")}
              </Switch>
            </div>
          </Row>
        </>
      )}
    </>
  );
}

/** What was set elsewhere is among them. */
function earliesWith(minutes: number): string[] {
  const all = new Set<number>([...earlies.map(Number), minutes]);
  return [...all].sort((a, b) => a - b).map(String);
}
