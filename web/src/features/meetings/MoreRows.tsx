import { useT } from "../../i18n/react";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { TextArea } from "../../ui/TextArea";
import { TextField } from "../../ui/TextField";

import styles from "./PlanDialog.module.css";
import { Row } from "./Row";
import type { FieldsProps } from "./WhenFields";

const whos = ["link", "signed_in", "invited"] as const;
const earlies = ["0", "5", "10", "15", "30", "60", "120"] as const;

export interface MoreRowsProps extends FieldsProps {
  /** All of a series is meant, or a meeting that is alone. */
  isWhole: boolean;
  /** It has times, so one can come too early. */
  isTimed: boolean;
  /** The server draws it, so a new meeting has none yet. */
  passcode: string | null;
}

/** What most meetings leave as it is. */
export function MoreRows({ draft, onDraft, wrong, isWhole, isTimed, passcode }: MoreRowsProps) {
  const t = useT();
  return (
    <>
      <Row label={t("meetings.notes")}>
        <TextArea
          label={t("meetings.notes")}
          labelHidden
          placeholder={t("meetings.notes.placeholder")}
          value={draft.notes}
          onChange={(notes) => onDraft({ ...draft, notes })}
          error={wrong.includes("notes") && t("meetings.wrong.notes")}
        />
      </Row>
      {isWhole && (
        <>
          <Row label={t("meetings.who")}>
            <Select
              label={t("meetings.who")}
              labelHidden
              choices={whos.map((id) => ({ id, word: t(`meetings.who.${id}`) }))}
              chosen={draft.who}
              onChoose={(who) => onDraft({ ...draft, who })}
            />
          </Row>
          {isTimed && (
            <Row label={t("meetings.early")}>
              <Select
                label={t("meetings.early")}
                labelHidden
                choices={earliesWith(draft.earlyMinutes).map((id) => ({
                  id,
                  word: t("meetings.early.minutes", { count: Number(id) }),
                }))}
                chosen={String(draft.earlyMinutes)}
                onChoose={(early) => onDraft({ ...draft, earlyMinutes: Number(early) })}
                hint={t("meetings.early.hint")}
              />
            </Row>
          )}
          <Row label={t("meetings.capacity")}>
            <TextField
              label={t("meetings.capacity")}
              labelHidden
              placeholder={t("meetings.capacity.none")}
              inputMode="numeric"
              value={draft.capacity}
              onChange={(capacity) => onDraft({ ...draft, capacity })}
              error={wrong.includes("capacity") && t("meetings.wrong.capacity")}
            />
          </Row>
          <Row label={t("meetings.passcode")} hint={t("meetings.passcode.hint")}>
            <div className={styles.switchRow}>
              <Switch isSelected={draft.byNumber} onChange={(byNumber) => onDraft({ ...draft, byNumber })}>
                {t("meetings.passcode.on")}
              </Switch>
              {draft.byNumber && passcode !== null && <output className={styles.passcode}>{passcode}</output>}
            </div>
          </Row>
          <Row label={t("meetings.attendance")} hint={t("meetings.attendance.hint")}>
            <div className={styles.switchRow}>
              <Switch
                isSelected={draft.attendance}
                onChange={(attendance) => onDraft({ ...draft, attendance })}
              >
                {t("meetings.attendance.keep")}
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
