/** Whom one has invited: what each answered, their own link, and what can be done about it. Hosts see it. */
import { useState } from "react";

import type { DraftPerson } from "../../core/calendar/draft";
import { invitesOf } from "../../core/calendar/draft";
import { isNameAlone, looksLikeAddress } from "../../core/calendar/people";
import type { Invitation, Planned } from "../../core/api/calendar-client";
import type { Answer } from "../../core/api/types";
import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button, IconButton } from "../../ui/Button";
import { Check, Circle, CircleQuestionMark, Ellipsis, X } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { showToast } from "../../ui/Toast";

import { copy, failed, usePorts } from "./calendar";
import { HandOnDialog } from "./HandOnDialog";
import { Section } from "./Section";
import styles from "./People.module.css";
import { PeopleField } from "./PeopleField";

export interface PeopleProps {
  planned: Planned;
  /** Somebody can be rung. */
  isRunning: boolean;
  onChange(): void;
}

export function People({ planned, isRunning, onChange }: PeopleProps) {
  const t = useT();
  const { people } = planned;
  const there = people.filter(({ revoked }) => !revoked);
  const count = (answer: string | null) => there.filter((one) => one.answer === answer).length;
  return (
    <Section title={t("meetings.plan.people")}>
      {there.length > 0 && (
        <p className={styles.counts}>
          {t("meetings.answers", {
            count: there.length,
            yes: count("yes"),
            maybe: count("maybe"),
            no: count("no"),
            none: count(null),
          })}
        </p>
      )}
      {!planned.cancelled && <InviteMore planned={planned} onChange={onChange} />}
      <ul className={styles.rows}>
        {people.map((one) => (
          <li key={one.id} className={styles.row} data-revoked={one.revoked || undefined}>
            <PersonRow one={one} planned={planned} isRunning={isRunning} onChange={onChange} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The only filled button counts what was written. */
function InviteMore({ planned, onChange }: Pick<PeopleProps, "planned" | "onChange">) {
  const t = useT();
  const { api } = usePorts();
  const [people, setPeople] = useState<readonly DraftPerson[]>([]);
  const [isWrong, setWrong] = useState(false);
  const [isBusy, setBusy] = useState(false);
  async function invite() {
    const wrong = people.some(({ address }) => address !== "" && !looksLikeAddress(address));
    setWrong(wrong);
    if (wrong) return;
    setBusy(true);
    const answer = await api.invite(planned.id, invitesOf(people));
    setBusy(false);
    if (answer.kind !== "ok") {
      setWrong(answer.kind === "refused" && answer.refusal.code === "invitation.address");
      return void showToast({ text: failed(t, answer) });
    }
    setPeople([]);
    showToast({ text: t("meetings.invite.done", { count: answer.value.length }) });
    onChange();
  }
  return (
    <div className={styles.invite}>
      <div className={styles.field}>
        <PeopleField people={people} onPeople={setPeople} isWrong={isWrong} mails={planned.mails} />
      </div>
      {people.length > 0 && (
        <Button size={48} isPending={isBusy} onPress={() => void invite()}>
          {t("meetings.invite.do", { count: people.length })}
        </Button>
      )}
    </div>
  );
}

const shapes = { yes: Check, no: X, maybe: CircleQuestionMark, none: Circle } as const;

interface PersonRowProps extends PeopleProps {
  one: Invitation;
}

function PersonRow({ one, planned, isRunning, onChange }: PersonRowProps) {
  const t = useT();
  const answer = one.answer ?? "none";
  const Shape = one.revoked ? X : shapes[answer];
  const name = one.name || one.address || "";
  return (
    <>
      <Avatar id={one.account ?? one.id} name={name} picture={one.picture} size={28} />
      <span className={styles.who}>
        <bdi className={styles.name}>{name}</bdi>
        {one.address !== null && one.address !== name && <small dir="auto">{one.address}</small>}
        {one.cohost && <small className={styles.chip}>{t("meetings.cohost")}</small>}
      </span>
      <span className={styles.state} data-answer={one.revoked ? "none" : answer}>
        <Shape size={16} strokeWidth={2} aria-hidden="true" />
        {t(one.revoked ? "meetings.revoked" : `meetings.answer.${answer}`)}
      </span>
      <PersonDeeds one={one} name={name} planned={planned} isRunning={isRunning} onChange={onChange} />
    </>
  );
}

interface DeedsProps extends PersonRowProps {
  name: string;
}

function PersonDeeds({ one, name, planned, isRunning, onChange }: DeedsProps) {
  const t = useT();
  const { api } = usePorts();
  const [isHanding, setHanding] = useState(false);
  const done = async (asked: Promise<Answer<unknown>>, said: string) => {
    const answer = await asked;
    showToast({ text: answer.kind === "ok" ? said : failed(t, answer) });
    if (answer.kind === "ok") onChange();
  };
  const ring = async () => {
    const answer = await api.ring(planned.id, one.id);
    if (answer.kind !== "ok") return void showToast({ text: failed(t, answer) });
    const { open, mailed, quiet } = answer.value;
    const how = open ? "open" : mailed ? "mailed" : quiet ? "quiet" : "nobody";
    showToast({ text: t("meetings.ring.done", { name, how }) });
  };
  const run: Record<string, () => void> = {
    copy: () => void copy(t, one.link ?? "", t("meetings.copy.own.done", { name })),
    ring: () => void ring(),
    cohost: () =>
      void done(
        api.setCohost(planned.id, one.id, !one.cohost),
        t("meetings.cohost.done", { name, cohost: one.cohost ? "no" : "yes" }),
      ),
    owner: () => setHanding(true),
    renew: () => void done(api.renew(planned.id, one.id), t("meetings.renew.done", { name })),
    revoke: () => void done(api.revoke(planned.id, one.id), t("meetings.revoke.done", { name })),
  };
  const isOwner = planned.mine === "owner";
  const isNamed = isNameAlone(one);
  const mails = planned.mails && !isNamed ? "yes" : "no";
  const label = t("meetings.people.deeds", { name });
  return (
    <>
      {isRunning && !one.revoked && !isNamed && (
        <Button size={32} look="plain" onPress={run["ring"]}>
          {t("meetings.ring")}
        </Button>
      )}
      <MenuTrigger>
        <IconButton aria-label={label}>
          <Ellipsis size={20} strokeWidth={1.75} />
        </IconButton>
        <Popover placement="bottom end">
          <Menu aria-label={label} onAction={(id) => run[String(id)]?.()}>
            {one.link !== null && !one.revoked && <MenuItem id="copy">{t("meetings.copy.own")}</MenuItem>}
            {isOwner && !one.revoked && (!isNamed || one.cohost) && (
              <MenuItem id="cohost" hint={t("meetings.cohost.hint")}>
                {t(one.cohost ? "meetings.cohost.unmake" : "meetings.cohost.make")}
              </MenuItem>
            )}
            {isOwner && !one.revoked && one.account !== null && !planned.cancelled && (
              <MenuItem id="owner" hint={t("meetings.owner.hint")}>
                {t("meetings.owner.make")}
              </MenuItem>
            )}
            <MenuItem id="renew" hint={t("meetings.renew.hint", { mails })}>
              {t("meetings.renew")}
            </MenuItem>
            {!one.revoked && (
              <MenuItem id="revoke" tone="danger" hint={t("meetings.revoke.hint", { mails })}>
                {t("meetings.revoke")}
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      <HandOnDialog
        meeting={planned.id}
        invitation={one.id}
        name={name}
        mails={planned.mails}
        isOpen={isHanding}
        onClose={() => setHanding(false)}
        onDone={onChange}
      />
    </>
  );
}
