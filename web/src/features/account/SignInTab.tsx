import { type FormEvent, useState } from "react";

import type { PasskeyShown, SessionShown, SignInWays } from "../../core/api/accounts-client";
import type { Answer } from "../../core/api/types";
import { dayOf } from "../../core/times";
import { useT } from "../../i18n/react";
import { useAccount } from "../../ui/account";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import { useAsked } from "./asked";
import { Codes } from "./Codes";
import { Connections } from "./Connections";
import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { Outcome, Part } from "./Part";
import { hasPasskeys, makePasskey } from "./passkey";
import { PasswordField } from "./PasswordField";
import styles from "./settings.module.css";
import { useGuard } from "./StepUp";
import { beside } from "./trouble";

/** What proves that it is you, and where you are signed in. */
export function SignInTab() {
  const { api } = useDesk();
  const [ways, askWays] = useAsked(api.ways);
  const [sessions, askSessions] = useAsked(api.sessions);
  return (
    <>
      {ways && <Passkeys passkeys={ways.passkeys} onChange={askWays} />}
      {ways && <Password ways={ways} onChange={askWays} />}
      <Connections />
      {ways && <Codes on={ways.codes} onChange={askWays} />}
      {ways && <Addresses />}
      {sessions && <Sessions sessions={sessions} onChange={askSessions} />}
    </>
  );
}

function Passkeys({ passkeys, onChange }: { passkeys: readonly PasskeyShown[]; onChange(): void }) {
  const t = useT();
  const desk = useDesk();
  const guard = useGuard();
  const deed = useDeed();
  const [saved, setSaved] = useState(false);

  async function change(asks: () => Promise<Answer<null>>) {
    setSaved(false);
    const done = await deed.run(() => guard(asks));
    setSaved(done !== undefined);
    onChange();
  }

  return (
    <Part title={t("account.passkeys.title")} hint={t("account.passkeys.hint")}>
      {passkeys.length > 0 && (
        <ul className={styles.rows}>
          {passkeys.map((one) => (
            <li key={one.id} className={styles.row}>
              <div className={styles.words}>
                <p className={styles.what}>{one.name}</p>
                <p className={styles.hint}>
                  {one.used_at
                    ? t("account.passkeys.used", { day: dayOf(one.used_at) })
                    : t("account.passkeys.made", { day: dayOf(one.made_at) })}
                </p>
              </div>
              <Button
                look="plain"
                aria-label={t("account.remove.label", { what: one.name })}
                onPress={() => void change(() => desk.api.removePasskey(one.id))}
              >
                {t("account.remove")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Outcome deed={deed} saved={saved} />
      {hasPasskeys(desk.credentials) && (
        <div>
          <Button
            isPending={deed.busy}
            onPress={() =>
              void change(() =>
                makePasskey(desk, t("account.passkeys.name", { number: passkeys.length + 1 })),
              )
            }
          >
            {t("account.passkeys.add")}
          </Button>
        </div>
      )}
    </Part>
  );
}

function Password({ ways, onChange }: { ways: SignInWays; onChange(): void }) {
  const t = useT();
  const { api, now } = useDesk();
  const guard = useGuard();
  const deed = useDeed();
  const [password, setPassword] = useState("");
  const [saved, setSaved] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setSaved(false);
    if (!(await deed.run(() => guard(() => api.changePassword(password))))) return;
    setPassword("");
    setSaved(true);
    onChange();
  }

  const error = beside(t, deed.trouble, "password", now());
  return (
    <Part
      title={t("account.password")}
      hint={t(ways.password ? "account.password.change.hint" : "account.password.none")}
    >
      <form className={styles.line} onSubmit={(event) => void submit(event)} noValidate>
        <PasswordField
          label={t("account.password.new")}
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          error={error}
        />
        <Button size={48} type="submit" isPending={deed.busy}>
          {t("account.password.change")}
        </Button>
      </form>
      {!error && <Outcome deed={deed} saved={saved} />}
    </Part>
  );
}

/** Another one is proven by mail, so none is offered where no mail leaves. */
function Addresses() {
  const t = useT();
  const { addresses } = useAccount();
  const { api, is, now } = useDesk();
  const [way] = useAsked(api.way);
  const guard = useGuard();
  const deed = useDeed();
  const [address, setAddress] = useState("");
  const [mailed, setMailed] = useState<string | null>(null);

  async function add(event: FormEvent) {
    event.preventDefault();
    setMailed(null);
    if (!(await deed.run(() => guard(() => api.addAddress(address))))) return;
    setMailed(address);
    setAddress("");
  }

  async function remove(which: string) {
    if (!(await deed.run(() => guard(() => api.removeAddress(which))))) return;
    const answer = await api.account();
    if (answer.kind === "ok") is(answer.value);
  }

  const error = beside(t, deed.trouble, "address", now());
  return (
    <Part
      title={t("account.addresses.title")}
      hint={way ? t("account.addresses.hint", { mail: way.mail ? "yes" : "no" }) : ""}
    >
      <ul className={styles.rows}>
        {addresses.map((one) => (
          <li key={one.address} className={styles.row}>
            <div className={styles.words}>
              <p className={styles.what}>{one.address}</p>
              <p className={styles.hint}>
                {t(one.proven ? "account.addresses.proven" : "account.addresses.unproven")}
              </p>
            </div>
            {addresses.length > 1 && (
              <Button
                look="plain"
                aria-label={t("account.remove.label", { what: one.address })}
                onPress={() => void remove(one.address)}
              >
                {t("account.remove")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {way?.mail && (
        <form className={styles.line} onSubmit={(event) => void add(event)} noValidate>
          <TextField
            label={t("account.addresses.new")}
            type="email"
            value={address}
            onChange={setAddress}
            autoComplete="email"
            error={error}
          />
          <Button size={48} type="submit" isPending={deed.busy}>
            {t("account.addresses.add")}
          </Button>
        </form>
      )}
      {mailed !== null && (
        <p className={styles.saved} role="status">
          {t("account.mailed.text", { address: mailed })}
        </p>
      )}
      {!error && <Outcome deed={deed} saved={false} />}
    </Part>
  );
}

function Sessions({ sessions, onChange }: { sessions: readonly SessionShown[]; onChange(): void }) {
  const t = useT();
  const { api } = useDesk();
  const deed = useDeed();

  async function end(asks: () => Promise<Answer<null>>) {
    await deed.run(asks);
    onChange();
  }

  return (
    <Part title={t("account.sessions.title")} hint={t("account.sessions.hint")}>
      <ul className={styles.rows}>
        {sessions.map((one) => (
          <li key={one.id} className={styles.row}>
            <div className={styles.words}>
              <p className={styles.what}>{one.device || t("account.sessions.unknown")}</p>
              <p className={styles.hint}>
                {one.here
                  ? t("account.sessions.here")
                  : t("account.sessions.used", { day: dayOf(one.used_at) })}
              </p>
            </div>
            {!one.here && (
              <Button
                look="plain"
                aria-label={t("account.sessions.end.label", { device: one.device })}
                onPress={() => void end(() => api.endSession(one.id))}
              >
                {t("account.sessions.end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Outcome deed={deed} saved={false} />
      {sessions.length > 1 && (
        <div>
          <Button isPending={deed.busy} onPress={() => void end(api.endOtherSessions)}>
            {t("account.sessions.endOthers")}
          </Button>
        </div>
      )}
    </Part>
  );
}
