import { type FormEvent, useState } from "react";

import type { GroupShown, InvitedShown, Role } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";

import { useDeed } from "../../ui/asking";
import { useDesk, useHere } from "./desk";
import styles from "./organisation.module.css";
import { useProving } from "./Proving";
import { said, wordsOf } from "./trouble";

export interface InviteDialogProps {
  groups: readonly GroupShown[];
  group: string;
  onClose(): void;
  onChanged(): void;
}

/** By mail, each with a link of their own; or one link for everybody who gets it. */
export function InviteDialog({ groups, group, onClose, onChanged }: InviteDialogProps) {
  const t = useT();
  const { api, copy } = useDesk();
  const { org, owns } = useHere();
  const deed = useDeed();
  const { proving, guarded } = useProving();
  const [pasted, setPasted] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [into, setInto] = useState(group);
  const [sent, setSent] = useState<readonly InvitedShown[]>([]);
  const [link, setLink] = useState("");
  const addresses = addressesIn(pasted);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const people = addresses.map((address) => ({ address, role, groups: into ? [into] : [] }));
    const made = await deed.run(() => guarded(() => api.invite(org.id, people)));
    if (!made) return;
    setSent(made.value);
    // What couldn't be is left where it was typed.
    setPasted(made.value.flatMap(({ address, problem }) => (problem ? [address] : [])).join("\n"));
    onChanged();
  }

  async function makeLink() {
    const made = await deed.run(() => api.makeLink(org.id));
    if (made) setLink(made.value.link);
  }

  return (
    <Dialog
      title={t("organisation.invite")}
      isOpen
      isWide
      hasCross
      onOpenChange={(open) => !open && onClose()}
    >
      {proving}
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <label className={styles.pickOne}>
          {t("organisation.invite.addresses")}
          <textarea
            className={styles.area}
            rows={4}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
          />
        </label>
        <div className={styles.row}>
          <label className={styles.pickOne}>
            {t("organisation.column.role")}
            <select
              className={styles.act}
              value={role}
              onChange={(event) => setRole(event.target.value as Role)}
            >
              {(owns ? (["member", "admin", "owner"] as const) : (["member", "admin"] as const)).map((id) => (
                <option key={id} value={id}>
                  {t(`organisation.role.${id}`)}
                </option>
              ))}
            </select>
          </label>
          {groups.length > 0 && (
            <label className={styles.pickOne}>
              {t("organisation.invite.group")}
              <select className={styles.act} value={into} onChange={(event) => setInto(event.target.value)}>
                <option value="">{t("organisation.invite.noGroup")}</option>
                {groups.map(({ id, name, depth }) => (
                  <option key={id} value={id}>{`${"\u2003".repeat(depth)}${name}`}</option>
                ))}
              </select>
            </label>
          )}
        </div>
        {!org.mails && <p className={styles.note}>{t("organisation.invite.noMail")}</p>}
        {sent.length > 0 && <Sent sent={sent} />}
        {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
        <DialogButtons>
          <Button type="submit" look="primary" isDisabled={deed.busy || addresses.length === 0}>
            {t("organisation.invite.send", { count: addresses.length, mails: org.mails ? "yes" : "no" })}
          </Button>
        </DialogButtons>
        <hr className={styles.line} />
        <p>{t("organisation.link.text")}</p>
        {link ? (
          <div className={styles.row}>
            <output className={styles.code}>{link}</output>
            <Button onPress={() => void copy(link)}>{t("organisation.copy")}</Button>
          </div>
        ) : (
          <div className={styles.row}>
            <Button isDisabled={deed.busy} onPress={() => void makeLink()}>
              {t("organisation.link.make")}
            </Button>
          </div>
        )}
      </form>
    </Dialog>
  );
}

function Sent({ sent }: { sent: readonly InvitedShown[] }) {
  const t = useT();
  const { copy } = useDesk();
  const well = sent.filter(({ problem }) => problem === null).length;
  return (
    <div role="status">
      {well > 0 && <p>{t("organisation.invite.sent", { count: well })}</p>}
      <ul className={styles.plainList}>
        {sent.map(({ address, link, problem }) => (
          <li key={address}>
            {problem && (
              <span className={styles.error}>
                <bdi>{address}</bdi>: {wordsOf(t, { code: problem.code, params: problem.params })}
              </span>
            )}
            {link && (
              <span className={styles.row}>
                <bdi>{address}</bdi>
                <Button look="plain" size={32} onPress={() => void copy(link)}>
                  {t("organisation.copyLink")}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** However a list was pasted: `Ada <ada@school.example>; bob@school.example`. */
export function addressesIn(pasted: string): string[] {
  const parts = pasted.split(/[\s,;，；、<>"]+/).filter((part) => part.includes("@"));
  return [...new Set(parts)];
}
