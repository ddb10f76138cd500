import { type FormEvent, useState } from "react";

import type { CodesBegun } from "../../core/api/accounts";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { Outcome, Part } from "./Part";
import styles from "./settings.module.css";
import { useGuard } from "./StepUp";
import { beside } from "./trouble";

/** Codes of an authenticator app as the second step of a password. Recovery codes are shown once. */
export function Codes({ on, onChange }: { on: boolean; onChange(): void }) {
  const t = useT();
  const { api } = useDesk();
  const guard = useGuard();
  const deed = useDeed();
  const [begun, setBegun] = useState<CodesBegun | null>(null);
  const [recovery, setRecovery] = useState<readonly string[] | null>(null);

  async function begin() {
    const done = await deed.run(() => guard(api.beginCodes));
    if (done) setBegun(done.value);
  }

  async function off() {
    if (!(await deed.run(() => guard(api.codesOff)))) return;
    setRecovery(null);
    onChange();
  }

  return (
    <Part title={t("account.codes.title")} hint={t(on ? "account.codes.on" : "account.codes.off")}>
      {recovery && <Recovery codes={recovery} />}
      {begun && !recovery ? (
        <Confirm
          begun={begun}
          onDone={(codes) => {
            setBegun(null);
            setRecovery(codes);
            onChange();
          }}
        />
      ) : (
        <div>
          <Button isPending={deed.busy} onPress={() => void (on ? off() : begin())}>
            {t(on ? "account.codes.turnOff" : "account.codes.turnOn")}
          </Button>
        </div>
      )}
      <Outcome deed={deed} saved={false} />
    </Part>
  );
}

function Confirm({ begun, onDone }: { begun: CodesBegun; onDone(codes: readonly string[]): void }) {
  const t = useT();
  const { api, now } = useDesk();
  const guard = useGuard();
  const deed = useDeed();
  const [code, setCode] = useState("");
  const secret = new URL(begun.address).searchParams.get("secret") ?? "";

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = await deed.run(() => guard(() => api.confirmCodes(code.replace(/\s/g, ""))));
    if (done) onDone(done.value.codes);
  }

  return (
    <>
      <p className={styles.hint}>{t("account.codes.scan")}</p>
      <img className={styles.picture} src={begun.picture} alt={t("account.codes.picture")} />
      <p className={styles.secret}>{secret}</p>
      <form className={styles.line} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={t("account.codes.code")}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          inputMode="numeric"
          error={beside(t, deed.trouble, "code", now()) ?? beside(t, deed.trouble, "form", now())}
        />
        <Button look="primary" size={48} type="submit" isPending={deed.busy}>
          {t("account.codes.confirm")}
        </Button>
      </form>
    </>
  );
}

function Recovery({ codes }: { codes: readonly string[] }) {
  const t = useT();
  return (
    <>
      <p className={styles.hint}>{t("account.codes.recovery")}</p>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </>
  );
}
