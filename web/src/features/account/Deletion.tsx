import { useCallback, useState } from "react";

import type { Own } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Lookup } from "../../ui/Lookup";
import { Select } from "../../ui/Select";

import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { Outcome, Part } from "./Part";
import styles from "./settings.module.css";
import { useGuard } from "./StepUp";

/** What one has that goes on without one. */
interface Left {
  meetings: readonly Own[];
  /** Those that have somebody to organise them. */
  orgs: readonly { id: string; name: string }[];
  /** Whether the invited can be told. */
  mail: boolean;
}

interface Heir {
  /** An organisation, a colleague; null: nobody. */
  id: string | null;
  name: string;
}

const NOBODY: Heir = { id: null, name: "" };
const COLLEAGUE = "colleague";

/** Asks twice, and what becomes of the meetings that others wait for. */
export function Deletion() {
  const t = useT();
  const { api, calendar, is, go } = useDesk();
  const guard = useGuard();
  const deed = useDeed();
  const [asking, setAsking] = useState(false);
  const [left, setLeft] = useState<Left | null>(null);
  const [heir, setHeir] = useState<Heir | undefined>(NOBODY);
  const look = useLeft();

  async function ask() {
    const found = await deed.run(look);
    if (!found) return;
    setLeft(found.value.left);
    setHeir(found.value.heir);
    setAsking(true);
  }

  async function remove() {
    if (heir === undefined) return;
    setAsking(false);
    if (left && left.meetings.length > 0 && !(await deed.run(() => calendar.nameHeir(heir.id)))) return;
    if (!(await deed.run(() => guard(api.remove)))) return;
    go("/");
    is(null);
  }

  return (
    <Part title={t("account.delete.title")} hint={t("account.delete.hint")}>
      <Outcome deed={deed} saved={false} />
      <div>
        <Button isPending={deed.busy} onPress={() => void ask()}>
          {t("account.delete.ask")}
        </Button>
      </div>
      <Dialog role="alertdialog" title={t("account.delete.sure")} isOpen={asking} onOpenChange={setAsking}>
        <p className={styles.hint}>{t("account.delete.hint")}</p>
        {left && left.meetings.length > 0 && <Meetings left={left} heir={heir} onHeir={setHeir} />}
        <DialogButtons>
          <Button onPress={() => setAsking(false)}>{t("account.cancel")}</Button>
          <Button look="danger" isDisabled={heir === undefined} onPress={() => void remove()}>
            {t("account.delete.do")}
          </Button>
        </DialogButtons>
      </Dialog>
    </Part>
  );
}

/** Asks both at once; what one wished before is chosen already. */
function useLeft() {
  const { api, calendar } = useDesk();
  return useCallback(async () => {
    const [owned, heirs, way] = await Promise.all([calendar.owned(), calendar.heirs(), api.way()]);
    if (owned.kind !== "ok") return owned;
    if (heirs.kind !== "ok") return heirs;
    if (way.kind !== "ok") return way;
    const { heir: id, name, orgs } = heirs.value;
    const left: Left = { meetings: owned.value.meetings, orgs, mail: way.value.mail };
    return { kind: "ok" as const, value: { left, heir: { id, name } } };
  }, [api, calendar]);
}

interface MeetingsProps {
  left: Left;
  /** Undefined: a colleague, and not yet which. */
  heir: Heir | undefined;
  onHeir(heir: Heir | undefined): void;
}

function Meetings({ left: { meetings, orgs, mail }, heir, onHeir }: MeetingsProps) {
  const t = useT();
  const told = { mail: mail ? "yes" : "no" };
  const theirs = meetings.filter(({ org }) => org !== null).length;
  const own = meetings.length - theirs;
  const org = orgs.find(({ id }) => id === heir?.id);
  const isColleague = heir === undefined || (heir.id !== null && !org);
  const chosen = isColleague ? COLLEAGUE : (org?.id ?? "");
  return (
    <>
      {theirs > 0 && <p className={styles.hint}>{t("account.delete.theirs", { count: theirs })}</p>}
      {own > 0 && (
        <Select
          label={t("account.delete.meetings", { count: own })}
          choices={[
            { id: "", word: t("account.delete.cancel"), hint: t("account.delete.cancel.hint", told) },
            ...orgs.map(({ id, name }) => ({
              id,
              word: t("account.delete.leave", { name }),
              hint: t("account.delete.leave.hint", told),
            })),
            ...(orgs.length > 0
              ? [
                  {
                    id: COLLEAGUE,
                    word: t("account.delete.colleague"),
                    hint: t("account.delete.colleague.hint", told),
                  },
                ]
              : []),
          ]}
          chosen={chosen}
          onChoose={(id) => onHeir(id === COLLEAGUE ? undefined : { id: id || null, name: "" })}
        />
      )}
      {own > 0 && isColleague && <Colleague named={heir?.name ?? ""} onHeir={onHeir} />}
    </>
  );
}

function Colleague({ named, onHeir }: { named: string; onHeir(heir: Heir | undefined): void }) {
  const t = useT();
  const { orgs } = useDesk();
  const [typed, setTyped] = useState(named);
  const find = useCallback(
    async (q: string) => {
      const answer = await orgs.colleagues(q);
      const found = answer.kind === "ok" ? answer.value : [];
      return found.map(({ account, name, address }) => ({
        id: account,
        word: name,
        hint: address ?? undefined,
      }));
    },
    [orgs],
  );
  return (
    <Lookup
      label={t("account.delete.who")}
      typed={typed}
      onTyped={(text) => {
        setTyped(text);
        if (text !== named) onHeir(undefined);
      }}
      find={find}
      onFound={({ id, word }) => {
        setTyped(word);
        onHeir({ id, name: word });
      }}
      nothing={t("account.delete.nobody")}
    />
  );
}
