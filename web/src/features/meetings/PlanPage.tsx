/** `/meetings/new` and `/meetings/:id/edit`: the form over the list; Back closes it. */
import { type ReactNode, useEffect, useState } from "react";

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
import type { Answer } from "../../core/api/types";
import { useT } from "../../i18n/react";
import { showToast } from "../../ui/Toast";

import { copy, failed, PageLinkWords, usePorts } from "./calendar";
import { PlanDialog } from "./PlanDialog";

export interface PlanPageProps {
  /** Of a meeting that is there. */
  id?: string | undefined;
  /** The one of its series that one came from. */
  at?: string | undefined;
  /** Where one goes when it is closed. */
  onClose(): void;
  /** Where one signs in again. */
  signIn: string;
}

export function PlanPage(props: PlanPageProps) {
  const { api, now, zone, kept } = usePorts();
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
  const again = readKept(kept.take(keyOf(id)));
  return <PlanForm {...props} planned={planned} isOne={isOne} from={from} again={again} />;
}

interface PlanFormProps extends PlanPageProps {
  planned: Planned | undefined;
  isOne: boolean;
  from(scope: Scope): Draft;
  /** What was typed before one had to sign in again. */
  again: Draft | undefined;
}

function PlanForm({ id, at, onClose, signIn, planned, isOne, from, again }: PlanFormProps) {
  const t = useT();
  const { api, board, go, kept, now } = usePorts();
  const [scope, setScope] = useState<Scope>(isOne ? "this" : "all");
  const [draft, setDraft] = useState<Draft>(() => again ?? from(scope));
  const [wrong, setWrong] = useState<readonly Wrong[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ReactNode>(null);
  const [templates, templateDeeds] = useTemplates();
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
    kept.keep(keyOf(id), null);
    void board.refresh();
    onClose();
    if (isNew) await copy(t, answer.value.link ?? "", t("meetings.plan.done"));
    else showToast({ text: t("meetings.plan.saved") });
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
    if (code === "account.signed_out") kept.keep(keyOf(id), JSON.stringify(draft));
    setFailure(
      code === "account.signed_out" ? (
        <PageLinkWords id="meetings.failed.sign_in" href={signIn} onGo={go} />
      ) : (
        failed(t, answer)
      ),
    );
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
      isBusy={isBusy}
      failure={failure}
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

function keyOf(id: string | undefined): string {
  return `folkmoot.draft.${id ?? "new"}`;
}

/** By this page, a moment ago and in this tab; what isn't whole is forgotten. */
function readKept(text: string | null): Draft | undefined {
  try {
    const draft = JSON.parse(text ?? "null") as Draft | null;
    return draft && typeof draft.title === "string" && Array.isArray(draft.people) ? draft : undefined;
  } catch {
    return undefined;
  }
}
