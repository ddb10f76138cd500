import { type FormEvent, type ReactNode, useCallback, useRef, useState } from "react";

import type { Answer } from "../../core/api/types";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { TextField } from "../../ui/TextField";

import { useDeed } from "./asking";
import { useDesk } from "./desk";
import styles from "./organisation.module.css";
import { said } from "./trouble";

type Asks<T> = () => Promise<Answer<T>>;

/** Asks; where the server wants to know first that it is still the same person, asks that, and then once more. */
export function useProving(): { proving: ReactNode; guarded<T>(asks: Asks<T>): Promise<Answer<T>> } {
  const [open, setOpen] = useState(false);
  const settle = useRef<(proven: boolean) => void>(() => undefined);

  const guarded = useCallback(async <T,>(asks: Asks<T>) => {
    const answer = await asks();
    if (answer.kind !== "refused" || answer.refusal.code !== "account.prove_again") return answer;
    const proven = new Promise<boolean>((tell) => {
      settle.current = tell;
    });
    setOpen(true);
    return (await proven) ? asks() : answer;
  }, []);

  function close(proven: boolean) {
    setOpen(false);
    settle.current(proven);
  }
  return { proving: open && <Asking onEnd={close} />, guarded };
}

function Asking({ onEnd }: { onEnd(proven: boolean): void }) {
  const t = useT();
  const { api } = useDesk();
  const deed = useDeed();
  const [password, setPassword] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await deed.run(() => api.prove(password))) onEnd(true);
  }

  return (
    <Dialog title={t("organisation.prove.title")} isOpen onOpenChange={(open) => !open && onEnd(false)}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <p>{t("organisation.prove.text")}</p>
        <TextField
          label={t("organisation.prove.password")}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          error={said(t, deed.trouble)}
        />
        <DialogButtons>
          <Button onPress={() => onEnd(false)}>{t("organisation.cancel")}</Button>
          <Button type="submit" look="primary" isDisabled={deed.busy || !password}>
            {t("organisation.prove.go")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
