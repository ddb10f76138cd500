import { type FormEvent, useCallback, useState } from "react";

import type { Joining } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import { useAsked, useDeed } from "../../ui/asking";
import { useDesk, useHere } from "./desk";
import styles from "./organisation.module.css";
import { useProving } from "./Proving";
import { said } from "./trouble";

const joinings: readonly Joining[] = ["ask", "automatic", "never"];

/** What it is called, how new people come, its directory's tokens, and the ways out. */
export function NameTab() {
  const t = useT();
  const { owns } = useHere();
  return (
    <>
      <title>{`${t("organisation.tab.about")} · Folkmoot`}</title>
      <div className={styles.head}>
        <h1>{t("organisation.tab.about")}</h1>
      </div>
      {owns && <Naming />}
      {owns && <NewPeople />}
      {owns && <Tokens />}
      <Ways />
    </>
  );
}

function Naming() {
  const t = useT();
  const { api } = useDesk();
  const { org, reload } = useHere();
  const deed = useDeed();
  const [name, setName] = useState(org.name);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await deed.run(() => api.change(org.id, { name }))) reload();
  }

  return (
    <form className={styles.inline} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={t("organisation.found.name")}
        value={name}
        onChange={setName}
        error={said(t, deed.trouble)}
      />
      <Button type="submit" size={48} isDisabled={deed.busy || !name.trim() || name === org.name}>
        {t("organisation.group.save")}
      </Button>
    </form>
  );
}

function NewPeople() {
  const t = useT();
  const { api } = useDesk();
  const { org, reload } = useHere();
  const deed = useDeed();
  return (
    <fieldset className={styles.along}>
      <legend>{t("organisation.joining")}</legend>
      {joinings.map((joining) => (
        <label key={joining} className={styles.radio}>
          <input
            type="radio"
            name="joining"
            checked={org.joining === joining}
            disabled={deed.busy}
            onChange={() => void deed.run(() => api.change(org.id, { joining })).then(reload)}
          />
          {t(`organisation.joining.${joining}`)}
        </label>
      ))}
      {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
    </fieldset>
  );
}

function Tokens() {
  const t = useT();
  const { api, copy } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const { proving, guarded } = useProving();
  const [tokens, reload] = useAsked(useCallback(() => api.tokens(org.id), [api, org.id]));
  const [name, setName] = useState("");
  const [made, setMade] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = await deed.run(() => guarded(() => api.makeToken(org.id, name)));
    if (!done) return;
    setMade(done.value.token);
    setName("");
    reload();
  }

  return (
    <section className={styles.proof}>
      {proving}
      <h2>{t("organisation.tokens")}</h2>
      <p className={styles.note}>
        {t("organisation.tokens.text", { address: `${location.origin}/scim/v2` })}
      </p>
      {tokens.at === "here" && (
        <ul className={styles.plainList}>
          {tokens.value.map((token) => (
            <li key={token.id} className={styles.row}>
              <bdi>{token.name}</bdi>
              <Button
                look="plain"
                size={32}
                onPress={() => void deed.run(() => api.revoke(org.id, token.id)).then(reload)}
              >
                <span className={styles.danger}>{t("organisation.tokens.revoke", { name: token.name })}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      {made && (
        <div className={styles.row} role="status">
          <output className={styles.code}>{made}</output>
          <Button onPress={() => void copy(made)}>{t("organisation.copy")}</Button>
          <span className={styles.note}>{t("organisation.tokens.once")}</span>
        </div>
      )}
      <form className={styles.inline} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={t("organisation.tokens.name")}
          value={name}
          onChange={setName}
          error={said(t, deed.trouble)}
        />
        <Button type="submit" size={48} isDisabled={deed.busy || !name.trim()}>
          {t("organisation.tokens.make")}
        </Button>
      </form>
    </section>
  );
}

/** Out of it; or its end. Each asks once more. */
function Ways() {
  const t = useT();
  const { api } = useDesk();
  const { org, owns, reload } = useHere();
  const deed = useDeed();
  const { proving, guarded } = useProving();
  const [sure, setSure] = useState<"leave" | "delete" | null>(null);

  async function go() {
    const asks = sure === "delete" ? () => api.remove(org.id) : () => api.leave(org.id);
    if (await deed.run(() => guarded(asks))) reload();
    setSure(null);
  }

  return (
    <section className={styles.proof}>
      {proving}
      {sure ? (
        <>
          <p>{t(`organisation.${sure}.text`, { name: org.name })}</p>
          <div className={styles.row}>
            <Button look="danger" isDisabled={deed.busy} onPress={() => void go()}>
              {t(`organisation.${sure}`)}
            </Button>
            <Button onPress={() => setSure(null)}>{t("organisation.cancel")}</Button>
          </div>
        </>
      ) : (
        <div className={styles.row}>
          <Button onPress={() => setSure("leave")}>{t("organisation.leave")}</Button>
          {owns && (
            <Button look="plain" onPress={() => setSure("delete")}>
              <span className={styles.danger}>{t("organisation.delete")}</span>
            </Button>
          )}
        </div>
      )}
      {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
    </section>
  );
}
