import { useCallback, useEffect, useState } from "react";

import type { InvitationShown } from "../../core/api/http";
import { MOST_AT_ONCE, readNames, tooLong } from "../../core/invitation/personal";
import { useT, type Translate } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Check, CircleDot, X } from "../../ui/icons";
import { useRoom, useSession, useStore } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

import styles from "./invite.module.css";
import { madeLinks } from "./made";
import { PrintSheet } from "./PrintSheet";

/** A list pasted, a link for each: bound to the name, walking past the waiting room, revocable alone. */
export function PersonalLinks() {
  const t = useT();
  const made = useStore(madeLinks(useSession()));
  const { all, refresh } = useList();
  const [isPrinting, setPrinting] = useState(false);
  const known = all.filter(({ id, revoked }) => made.has(id) && !revoked);
  const lost = all.filter(({ id, revoked, used }) => !made.has(id) && !revoked && !used);
  const copy = useCopy();
  const renew = useRenew(refresh);
  return (
    <div className={styles.form}>
      <p className={styles.hint}>{t("invite.text")}</p>
      <MakeForm onMade={refresh} />
      {all.length > 0 && (
        <div className={styles.head}>
          <strong>{t("invite.count", countsOf(all))}</strong>
          {known.length > 0 && (
            <>
              <Button size={32} look="plain" onPress={() => copy(known.map((each) => lineOf(each, made)))}>
                {t("invite.copy_all")}
              </Button>
              <Button size={32} look="plain" onPress={() => setPrinting(true)}>
                {t("invite.print")}
              </Button>
            </>
          )}
        </div>
      )}
      {lost.length > 0 && (
        <p className={styles.lost}>
          {t("invite.lost", { count: lost.length })}{" "}
          <Button size={32} look="plain" onPress={() => void renew(lost)}>
            {t("invite.renew_all", { count: lost.length })}
          </Button>
        </p>
      )}
      <ul className={styles.list}>
        {standing(all).map((each) => (
          <Row
            key={each.id}
            link={each}
            address={made.get(each.id)}
            onRenew={() => void renew([each])}
            onChanged={refresh}
          />
        ))}
      </ul>
      {isPrinting && <PrintSheet links={known} made={made} onDone={() => setPrinting(false)} />}
    </div>
  );
}

/** A revoked link whose person has another since is of no use to anybody. */
function standing(all: readonly InvitationShown[]): readonly InvitationShown[] {
  const served = new Set(all.filter(({ revoked }) => !revoked).map(({ name }) => name));
  return all.filter(({ name, revoked }) => !revoked || !served.has(name));
}

/** Another link for each; the one before ends when that one is there, and not sooner. */
function useRenew(onMade: () => void): (links: readonly InvitationShown[]) => Promise<void> {
  const t = useT();
  const { links } = useRoom();
  const made = madeLinks(useSession());
  return async (before) => {
    const answer = await links.make(before.map(({ name }) => name));
    if (answer.kind === "ok") {
      made.update((kept) => new Map([...kept, ...answer.value]));
      const stale = before.filter(({ revoked }) => !revoked);
      await Promise.all(stale.map(({ id }) => links.revoke(id)));
    } else showToast({ text: t("invite.failed") });
    onMade();
  };
}

function lineOf({ id, name }: InvitationShown, made: ReadonlyMap<string, string>): string {
  return `${name}\t${made.get(id)}`;
}

function countsOf(all: readonly InvitationShown[]): Record<string, number> {
  return {
    count: all.length,
    live: all.filter(({ live }) => live).length,
    unused: all.filter(({ used, revoked }) => !used && !revoked).length,
  };
}

function useList(): { all: readonly InvitationShown[]; refresh: () => void } {
  const { links, session } = useRoom();
  const [all, setAll] = useState<readonly InvitationShown[]>([]);
  const refresh = useCallback(() => {
    void (async () => {
      const answer = await links.list();
      if (answer.kind === "ok") setAll(answer.value);
    })();
  }, [links]);
  useEffect(() => {
    refresh();
    return session.log.onEvent(({ feature, type }) => {
      if (feature === "meeting" && (type === "joined" || type === "left")) refresh();
    });
  }, [refresh, session]);
  return { all, refresh };
}

function useCopy(): (lines: readonly string[]) => void {
  const t = useT();
  return (lines) => {
    void (async () => {
      try {
        await navigator.clipboard.writeText(lines.join("\n"));
        showToast({ text: t("invite.copied", { count: lines.length }) });
      } catch {
        showToast({ text: t("invite.uncopied") });
      }
    })();
  };
}

function MakeForm({ onMade }: { onMade(): void }) {
  const t = useT();
  const { links } = useRoom();
  const made = madeLinks(useSession());
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const names = readNames(text);
  const make = async (): Promise<void> => {
    const lack = lacking(t, names);
    setRefused(lack);
    if (lack !== undefined) return;
    setBusy(true);
    const answer = await links.make(names);
    setBusy(false);
    if (answer.kind !== "ok") return setRefused(t("invite.failed"));
    made.update((before) => new Map([...before, ...answer.value]));
    setText("");
    onMade();
  };
  return (
    <form
      className={styles.make}
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
      noValidate
    >
      <label>
        {t("invite.names")}
        <textarea
          className={styles.field}
          rows={4}
          dir="auto"
          value={text}
          aria-invalid={refused !== undefined || undefined}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      {refused !== undefined && (
        <p className={styles.refused} role="alert">
          {refused}
        </p>
      )}
      <Button type="submit" look="primary" isPending={isBusy} isDisabled={names.length === 0}>
        {t("invite.make", { count: names.length })}
      </Button>
    </form>
  );
}

function lacking(t: Translate, names: readonly string[]): string | undefined {
  if (names.length > MOST_AT_ONCE) return t("invite.too_many", { most: MOST_AT_ONCE });
  const name = tooLong(names);
  return name === undefined ? undefined : t("invite.too_long", { name });
}

interface RowProps {
  link: InvitationShown;
  /** Only this page has it, and only until it is closed. */
  address: string | undefined;
  onRenew(): void;
  onChanged(): void;
}

function Row({ link, address, onRenew, onChanged }: RowProps) {
  const t = useT();
  const { links } = useRoom();
  const copy = useCopy();
  const { id, name, revoked } = link;
  const revoke = async (): Promise<void> => {
    const { kind } = await links.revoke(id);
    if (kind !== "ok") showToast({ text: t("invite.failed") });
    onChanged();
  };
  return (
    <li className={styles.row}>
      <Avatar id={id} name={name} size={28} />
      <p className={styles.who}>
        <bdi className={styles.name}>{name}</bdi>
        <State link={link} />
      </p>
      {address !== undefined && !revoked && (
        <Button
          size={32}
          look="plain"
          aria-label={t("invite.copy.label", { name })}
          onPress={() => copy([address])}
        >
          {t("invite.copy")}
        </Button>
      )}
      {(address === undefined || revoked) && (
        <Button size={32} look="plain" aria-label={t("invite.renew.label", { name })} onPress={onRenew}>
          {t("invite.renew")}
        </Button>
      )}
      {!revoked && (
        <Button
          size={32}
          look="plain"
          aria-label={t("invite.revoke.label", { name })}
          onPress={() => void revoke()}
        >
          {t("invite.revoke")}
        </Button>
      )}
    </li>
  );
}

function State({ link: { used, live, revoked } }: { link: InvitationShown }) {
  const t = useT();
  const state = revoked ? "revoked" : live ? "live" : used ? "used" : "unused";
  const Icon = revoked ? X : live || used ? Check : CircleDot;
  return (
    <span className={styles.state} data-state={state}>
      <Icon size={14} aria-hidden="true" />
      {t(`invite.state.${state}`)}
    </span>
  );
}
