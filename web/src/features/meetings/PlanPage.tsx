/** `/meetings/new` and `/meetings/:id/edit`: the form over the list; Back closes it. */
import { useEffect, useState } from "react";

import {
  changeOf,
  type Draft,
  draftOf,
  freshDraft,
  invitesOf,
  peopleChanges,
  templateOf,
  wishedOf,
  withTemplate,
  type Wrong,
  wrongIn,
} from "../../core/calendar/draft";
import type { Planned, Scope, Template } from "../../core/api/calendar-client";
import { type Floor, readFloor } from "../../core/meeting/floor";
import type { Answer } from "../../core/api/types";
import { useT } from "../../i18n/react";
import { showToast } from "../../ui/Toast";
import { useStore } from "../../ui/use-store";

import { copy, failed, usePorts } from "./calendar";
import { PlanDialog } from "./PlanDialog";

export interface PlanPageProps {
  /** Of a meeting that is there. */
  id?: string | undefined;
  /** The one of its series that one came from. */
  at?: string | undefined;
  /** Where one goes when it is closed. */
  onClose(): void;
}

export function PlanPage(props: PlanPageProps) {
  const { api, now, zone } = usePorts();
  const [planned, setPlanned] = useState<Planned>();
  const { id, at, onClose } = props;
  const t = useT();
  useEffect(() => {
    if (id === undefined) return;
    void (async () => {
      const answer = await api.meeting(id);
      if (answer.kind === "ok") return setPlanned(answer.value);
      showToast({ text: failed(t, answer) });
      onClose();
    })();
    // Asked once for each meeting.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id]);
  if (id !== undefined && !planned) return null;
  const isOne = planned !== undefined && planned.rrule !== null && at !== undefined;
  const from = (scope: Scope) =>
    planned ? draftOf(planned, now(), scope === "all" ? undefined : at) : freshDraft(now(), zone);
  return <PlanForm {...props} planned={planned} isOne={isOne} from={from} />;
}

interface PlanFormProps extends PlanPageProps {
  planned: Planned | undefined;
  isOne: boolean;
  from(scope: Scope): Draft;
}

function PlanForm({ at, onClose, planned, isOne, from }: PlanFormProps) {
  const t = useT();
  const { api, board, now } = usePorts();
  const [scope, setScope] = useState<Scope>(isOne ? "this" : "all");
  const [draft, setDraft] = useState<Draft>(() => from(scope));
  const [wrong, setWrong] = useState<readonly Wrong[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [templates, templateDeeds] = useTemplates();
  const floor = useFloor();
  const mails = useMails(planned);
  const isNew = planned === undefined;

  function change(next: Draft): void {
    setDraft(next);
    // What was said to be wrong goes when it is right; nothing new is said while one types.
    setWrong((before) => before.filter((each) => wrongIn(next, now(), isNew).includes(each)));
  }

  async function save() {
    const found = wrongIn(draft, now(), isNew);
    setWrong(found);
    setFailure(null);
    if (found.length > 0) return;
    setBusy(true);
    const answer = isNew
      ? await api.plan({ ...wishedOf(draft), people: invitesOf(draft.people) })
      : await saved(planned);
    setBusy(false);
    if (answer.kind !== "ok") return refuse(answer);
    void board.refresh();
    onClose();
    if (isNew) await copy(t, answer.value.link ?? "", t("meetings.plan.done"));
    else showToast({ text: t("meetings.plan.saved", { mails: answer.value.mails ? "yes" : "no" }) });
  }

  /** The meeting first; whoever is invited then is invited to what it has become. */
  async function saved(before: Planned): Promise<Answer<Planned>> {
    const changed = await api.change(before.id, changeOf(draft, scope, scope === "all" ? undefined : at));
    if (changed.kind !== "ok" || scope === "this") return changed;
    const meeting = changed.value.id;
    const { invited, revoked, changed: parts } = peopleChanges(from(scope).people, draft.people);
    const steps = [
      ...revoked.map((one) => () => api.revoke(meeting, one)),
      ...parts.map((one) => () => api.setCohost(meeting, one.id, one.cohost)),
      ...(invited.length > 0 ? [() => api.invite(meeting, invited)] : []),
    ];
    for (const step of steps) {
      const answer = await step();
      if (answer.kind !== "ok") return answer;
    }
    return changed;
  }

  function refuse(answer: Exclude<Answer<unknown>, { kind: "ok" }>): void {
    const code = answer.kind === "refused" ? answer.refusal.code : "";
    const field = fieldOf[code];
    if (field) return setWrong([field]);
    setFailure(failed(t, answer));
  }

  return (
    <PlanDialog
      draft={draft}
      onDraft={change}
      wrong={wrong}
      scope={isNew ? undefined : scope}
      onScope={
        isOne
          ? (next) => {
              setScope(next);
              setDraft(from(next));
              setWrong([]);
            }
          : undefined
      }
      isNew={isNew}
      isRoom={planned?.kind === "room"}
      passcode={planned?.passcode ?? null}
      floor={floor}
      isBusy={isBusy}
      failure={failure}
      mails={mails}
      templates={templates}
      onTemplate={(template) => change(withTemplate(draft, template))}
      onKeepTemplate={(name) => void templateDeeds.keep(templateOf(draft, name))}
      onForgetTemplate={(template) => void templateDeeds.forget(template)}
      onSave={() => void save()}
      onClose={onClose}
    />
  );
}

/** Which field a refusal of the server is about. */
const fieldOf: Readonly<Record<string, Wrong>> = {
  "title.invalid": "title",
  "calendar.notes": "notes",
  "calendar.time": "day",
  "calendar.minutes": "minutes",
  "calendar.rule": "repeat",
  "calendar.capacity": "capacity",
  "invitation.address": "people",
};

/** Of one's own organisations. Until it is known, and where it can't be, the server says so at the save. */
function useFloor(): Floor {
  const { api } = usePorts();
  const [floor, setFloor] = useState<Floor>({});
  useEffect(() => {
    void (async () => {
      const answer = await api.rules();
      if (answer.kind === "ok") setFloor(readFloor(answer.value.rules));
    })();
  }, [api]);
  return floor;
}

/** Of a new one the list says it, over which the form lies. Until it has, nothing is said. */
function useMails(planned: Planned | undefined): boolean {
  const { board } = usePorts();
  const listed = useStore(board).board;
  useEffect(() => {
    if (!board.get().board) void board.refresh();
  }, [board]);
  return (planned ?? listed)?.mails ?? true;
}

function useTemplates() {
  const t = useT();
  const { api } = usePorts();
  const [templates, setTemplates] = useState<readonly Template[]>([]);
  useEffect(() => {
    // Without them the form is whole all the same.
    void (async () => {
      const answer = await api.templates();
      if (answer.kind === "ok") setTemplates(answer.value);
    })();
  }, [api]);
  const deeds = {
    async keep(wanted: Omit<Template, "id">) {
      const answer = await api.keepTemplate(wanted);
      if (answer.kind === "ok") setTemplates((before) => [...before, answer.value]);
      showToast({ text: answer.kind === "ok" ? t("meetings.templates.kept") : failed(t, answer) });
    },
    async forget({ id }: Template) {
      const answer = await api.forgetTemplate(id);
      if (answer.kind === "ok") setTemplates((before) => before.filter((one) => one.id !== id));
      showToast({ text: answer.kind === "ok" ? t("meetings.templates.forgotten") : failed(t, answer) });
    },
  };
  return [templates, deeds] as const;
}
