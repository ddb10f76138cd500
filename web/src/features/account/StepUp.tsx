import {
  createContext,
  type FormEvent,
  type ReactNode,
  useCallback,
  useContext,
  useRef,
  useState,
} from "react";

import type { SignInWays } from "../../core/api/accounts-client";
import type { Answer } from "../../core/api/types";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";

import styles from "./account.module.css";
import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { hasPasskeys, withPasskey } from "./passkey";
import { PasskeyPart } from "./PasskeyPart";
import { PasswordField } from "./PasswordField";
import { beside } from "./trouble";

type Guard = <T>(asks: () => Promise<Answer<T>>) => Promise<Answer<T>>;

const Guarding = createContext<Guard | null>(null);

/** Asks; where the server wants to know first that it is still the same person, asks that, and then once more. */
export function useGuard(): Guard {
  const guard = useContext(Guarding);
  if (!guard) throw new Error("nothing asks again who it is");
  return guard;
}

export function StepUp({ children }: { children: ReactNode }) {
  const { api } = useDesk();
  const [ways, setWays] = useState<SignInWays | null>(null);
  const answered = useRef<(proven: boolean) => void>(() => undefined);

  function close(proven: boolean) {
    setWays(null);
    answered.current(proven);
  }

  const guard = useCallback<Guard>(
    async (asks) => {
      const answer = await asks();
      if (answer.kind !== "refused" || answer.refusal.code !== "account.prove_again") return answer;
      const found = await api.ways();
      if (found.kind !== "ok") return found;
      const proven = new Promise<boolean>((settle) => {
        answered.current = settle;
      });
      setWays(found.value);
      return (await proven) ? asks() : answer;
    },
    [api],
  );

  return (
    <Guarding value={guard}>
      {children}
      {ways && <Asking ways={ways} onEnd={close} />}
    </Guarding>
  );
}

/** By a passkey or the password; who has neither signs in anew. */
export function Asking({ ways, onEnd }: { ways: SignInWays; onEnd(proven: boolean): void }) {
  const t = useT();
  const desk = useDesk();
  const passkey = useDeed();
  const form = useRef<HTMLDivElement>(null);
  const offersPasskey = ways.passkeys.length > 0 && hasPasskeys(desk.credentials);

  async function usePasskey() {
    if (await passkey.run(() => withPasskey(desk, desk.api.proveByPasskey))) onEnd(true);
  }

  return (
    <Dialog title={t("account.prove.title")} isOpen onOpenChange={(open) => !open && onEnd(false)}>
      <p className={styles.where}>{t("account.prove.text")}</p>
      {offersPasskey && (
        <PasskeyPart
          deed={passkey}
          onUse={() => void usePasskey()}
          onPassword={() => form.current?.querySelector("input")?.focus()}
        />
      )}
      {offersPasskey && ways.password && <p className={styles.or}>{t("account.or")}</p>}
      <div ref={form}>{ways.password && <ByPassword isFirst={!offersPasskey} onEnd={onEnd} />}</div>
      {!ways.password && !offersPasskey && (
        <DialogButtons>
          <Button look="primary" onPress={() => void desk.api.signOut().then(() => desk.is(null))}>
            {t("account.prove.signIn")}
          </Button>
        </DialogButtons>
      )}
    </Dialog>
  );
}

function ByPassword({ isFirst, onEnd }: { isFirst: boolean; onEnd(proven: boolean): void }) {
  const t = useT();
  const { api, now } = useDesk();
  const [password, setPassword] = useState("");
  const deed = useDeed();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await deed.run(() => api.prove(password))) onEnd(true);
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <PasswordField
        label={t("account.password")}
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        error={beside(t, deed.trouble, "password", now()) ?? beside(t, deed.trouble, "form", now())}
      />
      <DialogButtons>
        <Button onPress={() => onEnd(false)}>{t("account.cancel")}</Button>
        <Button look={isFirst ? "primary" : "quiet"} type="submit" isPending={deed.busy}>
          {t("account.prove.do")}
        </Button>
      </DialogButtons>
    </form>
  );
}
