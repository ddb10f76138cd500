import { useCallback, useEffect, useState } from "react";

import type { GroupShown, PeoplePage, PersonShown } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import { useAsked } from "../../ui/asking";
import { useDesk, useHere } from "./desk";
import { DomainCards } from "./DomainCards";
import { GroupTree } from "./GroupTree";
import { ImportDialog } from "./ImportDialog";
import { InviteDialog } from "./InviteDialog";
import { Answered } from "./Answered";
import styles from "./organisation.module.css";
import { PeopleTable } from "./PeopleTable";
import { GroupRules } from "./RulesTab";

const TYPED_MS = 200;

/** Who is in, found by a part of name or address, by department; what was chosen acts at the table's foot. */
export function PeopleTab() {
  const t = useT();
  const { api } = useDesk();
  const { org, governs, reload } = useHere();
  const [typed, setTyped] = useState("");
  const [group, setGroup] = useState("");
  const [dialog, setDialog] = useState<"invite" | "import" | null>(null);
  const q = useSettled(typed);
  const [groups, reloadGroups] = useAsked(useCallback(() => api.groups(org.id), [api, org.id]));
  const [page, reloadPeople] = useAsked(
    useCallback(() => api.people(org.id, { q, group }), [api, org.id, q, group]),
  );
  const known = groups.at === "here" ? groups.value : [];

  function changed() {
    reloadPeople();
    reloadGroups();
    reload();
  }

  return (
    <>
      <title>{`${t("organisation.tab.people")} · Folkmoot`}</title>
      <div className={styles.head}>
        <h1>{t("organisation.tab.people")}</h1>
        <div className={styles.search}>
          <TextField
            label={t("organisation.search")}
            labelHidden
            placeholder={t("organisation.search")}
            size={40}
            type="search"
            value={typed}
            onChange={setTyped}
          />
        </div>
        {governs && (
          <>
            <Button look="plain" onPress={() => setDialog("import")}>
              {t("organisation.import")}
            </Button>
            <Button look="primary" onPress={() => setDialog("invite")}>
              {t("organisation.invite")}
            </Button>
          </>
        )}
      </div>
      {governs && <DomainCards />}
      <div className={styles.columns}>
        <div className={styles.left}>
          <Answered asked={groups} onRetry={reloadGroups}>
            {(value) => <GroupTree groups={value} chosen={group} onChoose={setGroup} onChanged={changed} />}
          </Answered>
          <GroupRules group={group} groups={known} />
        </div>
        <Answered asked={page} onRetry={reloadPeople}>
          {(value) => (
            <Listed
              key={`${q}|${group}`}
              first={value}
              q={q}
              group={group}
              groups={known}
              onChanged={changed}
            />
          )}
        </Answered>
      </div>
      {dialog === "invite" && (
        <InviteDialog groups={known} group={group} onClose={() => setDialog(null)} onChanged={changed} />
      )}
      {dialog === "import" && <ImportDialog onClose={() => setDialog(null)} onChanged={changed} />}
    </>
  );
}

interface ListedProps {
  first: PeoplePage;
  q: string;
  group: string;
  groups: readonly GroupShown[];
  onChanged(): void;
}

/** Page after page, below each other. */
function Listed({ first, q, group, groups, onChanged }: ListedProps) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const [more, setMore] = useState<readonly PersonShown[]>([]);
  const [next, setNext] = useState(first.next);

  async function fetchMore() {
    if (next === null) return;
    const answer = await api.people(org.id, { q, group, after: next });
    if (answer.kind !== "ok") return;
    setMore((before) => [...before, ...answer.value.people]);
    setNext(answer.value.next);
  }

  if (first.people.length === 0)
    return (
      <p className={styles.empty}>{q ? t("organisation.nobody", { q }) : t("organisation.emptyGroup")}</p>
    );
  return (
    <PeopleTable
      people={[...first.people, ...more]}
      groups={groups}
      group={group}
      onMore={next === null ? undefined : () => void fetchMore()}
      onChanged={onChanged}
    />
  );
}

/** What was typed, when no more is for a moment. */
function useSettled(typed: string): string {
  const [settled, settle] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => settle(typed.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
