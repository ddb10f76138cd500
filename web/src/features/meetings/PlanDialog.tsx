import { type ReactNode, useState } from "react";

import type { Draft, Wrong } from "../../core/calendar/draft";
import { deciderOf, type Floor, isBarred } from "../../core/meeting/floor";
import type { Scope, Template } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ChevronDown, ChevronRight } from "../../ui/icons";
import { Segments } from "../../ui/Segments";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";

import { MoreRows } from "./MoreRows";
import { PeopleField } from "./PeopleField";
import styles from "./PlanDialog.module.css";
import { RepeatFields } from "./RepeatFields";
import { Row } from "./Row";
import { ScopeChoice } from "./ScopeChoice";
import { TemplateMenu } from "./TemplateMenu";
import { WhenFields } from "./WhenFields";

export interface PlanDialogProps {
  draft: Draft;
  onDraft(draft: Draft): void;
  /** Nothing is wrong before one has tried. */
  wrong: readonly Wrong[];
  /** Of a meeting that is there: which of its series. Undefined: a new one. */
  scope?: Scope | undefined;
  /** One of a series is open, so which is meant has to be chosen. */
  onScope?: ((scope: Scope) => void) | undefined;
  /** Is there already, whatever is meant by it. */
  isNew: boolean;
  /** One's own room has no times: it is always there. */
  isRoom: boolean;
  passcode: string | null;
  /** What it is never looser than. */
  floor: Floor;
  isBusy: boolean;
  /** Why it was not saved; the form keeps everything. */
  failure: ReactNode;
  /** Whether who is invited gets a mail. */
  mails: boolean;
  templates: readonly Template[];
  onTemplate(template: Template): void;
  onKeepTemplate(name: string): void;
  onForgetTemplate(template: Template): void;
  onSave(): void;
  onClose(): void;
}

const presets = ["open", "careful", "class", "summit"] as const;
const lobbies = ["guests", "off", "everyone"] as const;

/** The form over the list. Whatever is refused stands at its field, and nothing that was typed is lost. */
export function PlanDialog(props: PlanDialogProps) {
  const t = useT();
  const { draft, onDraft, wrong, scope, onScope, isNew, isRoom, floor, isBusy, failure } = props;
  const { mails, onSave, onClose } = props;
  const decider = deciderOf(floor, "waiting_room");
  const others = Object.entries(floor).filter(([rule]) => rule !== "waiting_room");
  const [isMore, setMore] = useState(false);
  const isWhole = scope !== "this";
  const change = (some: Partial<Draft>): void => onDraft({ ...draft, ...some });
  return (
    <Dialog
      title={t(isNew ? "meetings.plan.title" : isRoom ? "meetings.room.edit" : "meetings.plan.edit")}
      isOpen
      size="form"
      hasCross
      isDismissable={false}
      onOpenChange={(open) => !open && onClose()}
    >
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) onSave();
        }}
      >
        {scope && onScope && (
          <Row label={t("meetings.scope")}>
            <ScopeChoice scope={scope} onScope={onScope} />
          </Row>
        )}
        <Row label={t("meetings.plan.name")}>
          <TextField
            label={t("meetings.plan.name")}
            labelHidden
            placeholder={t(isRoom ? "meetings.room" : "meetings.untitled")}
            value={draft.title}
            onChange={(title) => change({ title })}
            error={wrong.includes("title") && t("meetings.wrong.title")}
            autoComplete="off"
            // The first thing one came to say.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
          />
        </Row>
        {!isRoom && (
          <Row label={t("meetings.when")}>
            <WhenFields draft={draft} onDraft={onDraft} wrong={wrong} isNew={isNew} />
          </Row>
        )}
        {isWhole && (
          <>
            {!isRoom && (
              <Row label={t("meetings.repeat")}>
                <RepeatFields draft={draft} onDraft={onDraft} wrong={wrong} />
              </Row>
            )}
            <Row label={t("meetings.plan.people")}>
              <PeopleField
                people={draft.people}
                onPeople={(people) => change({ people })}
                isWrong={wrong.includes("people")}
                mails={mails}
              />
            </Row>
            <Row label={t("meetings.lobby")}>
              <Select
                label={t("meetings.lobby")}
                labelHidden
                choices={lobbies.map((id) => ({
                  id,
                  word: t(`meetings.lobby.${id}`),
                  hint: t(`meetings.lobby.${id}.hint`),
                  isDisabled: isBarred(floor, "waiting_room", id),
                }))}
                // What was chosen before somebody decided is as strict as they say.
                chosen={
                  lobbies.find((id) => id === draft.waitingRoom && !isBarred(floor, "waiting_room", id)) ??
                  stricterLobby(floor)
                }
                onChoose={(waitingRoom) => change({ waitingRoom })}
                hint={decider && t("meetings.rules.decided", { by: decider })}
              />
            </Row>
            <Row label={t("meetings.preset")} hint={t(`meetings.preset.${known(draft.preset)}.hint`)}>
              <Segments
                label={t("meetings.preset")}
                isWide
                choices={presets.map((id) => ({ id, word: t(`meetings.preset.${id}`) }))}
                chosen={known(draft.preset)}
                onChoose={(preset) => change({ preset, waitingRoom: lobbyOf[preset] })}
              />
            </Row>
          </>
        )}
        {others.length > 0 && (
          <p className={styles.hint}>
            {t("meetings.rules.also", { by: [...new Set(others.map(([, { by }]) => by))].join(", ") })}
          </p>
        )}
        {isMore && <MoreRows {...props} isWhole={isWhole} isTimed={!isRoom} />}
        {failure && (
          <Banner tone="warn" title={t("meetings.plan.failed")}>
            {failure}
          </Banner>
        )}
        <div className={styles.foot}>
          <Button
            look="plain"
            onPress={() => setMore(!isMore)}
            aria-expanded={isMore}
            aria-label={t("meetings.plan.more")}
          >
            {isMore ? <ChevronDown size={16} /> : <ChevronRight size={16} />}
            {t("meetings.plan.more")}
          </Button>
          {isWhole && !isRoom && <TemplateMenu {...props} />}
          <span className={styles.space} />
          <Button size={48} onPress={onClose}>
            {t("meetings.plan.cancel")}
          </Button>
          <Button size={48} look="primary" type="submit" isPending={isBusy}>
            {t(isNew ? "meetings.plan.do" : "meetings.plan.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What each named setting does with who comes by link; the planner may say otherwise afterwards. */
const lobbyOf = { open: "off", careful: "guests", class: "guests", summit: "everyone" } as const;

function stricterLobby(floor: Floor): Draft["waitingRoom"] {
  return floor["waiting_room"]?.value === "everyone" ? "everyone" : "guests";
}

function known(preset: string): (typeof presets)[number] {
  return presets.find((each) => each === preset) ?? "careful";
}
