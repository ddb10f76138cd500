import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";

import type { Answer } from "../../core/api/types";
import { type Translate, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { refusalWords } from "../../ui/refusal";
import { CircleAlert, ServerOff } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { useDesk } from "./desk";
import styles from "./operator.module.css";

export type Trouble = { code: string; params: Readonly<Record<string, unknown>> } | "gone";

/** Asks when it is drawn, when `asks` is another, and when it is told to. Only the newest answer counts. */
export function useTold<T>(asks: () => Promise<Answer<T>>) {
  const [value, setValue] = useState<T | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const newest = useRef(0);
  const ask = useCallback(() => {
    const mine = ++newest.current;
    return (async () => {
      const answer = await asks();
      if (mine !== newest.current) return;
      setTrouble(troubleOf(answer));
      if (answer.kind === "ok") setValue(answer.value);
    })();
  }, [asks]);
  useEffect(() => {
    void ask();
  }, [ask]);
  return { value, trouble, ask, put: setValue };
}

export function troubleOf(answer: Answer<unknown>): Trouble | null {
  return answer.kind === "ok" ? null : answer.kind === "refused" ? answer.refusal : "gone";
}

/** Nothing for 400 ms, then a grey block in the final size; what went wrong has a way out. */
export function Told<T>({
  of,
  children,
}: {
  of: ReturnType<typeof useTold<T>>;
  children: (value: T) => ReactNode;
}) {
  const t = useT();
  const { go } = useDesk();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, []);
  if (of.trouble === null || of.value !== null)
    return of.value !== null ? children(of.value) : late && <div className={styles.block} aria-busy="true" />;
  const mine = of.trouble === "gone" || of.trouble.code === "account.prove_again";
  return (
    <Status
      icon={of.trouble === "gone" ? ServerOff : CircleAlert}
      tone={of.trouble === "gone" ? "warn" : "neutral"}
      title={t(of.trouble === "gone" ? "operator.gone" : mine ? "operator.prove" : "operator.notYours")}
      actions={
        <Button look="primary" size={48} onPress={() => (mine ? void of.ask() : go("/"))}>
          {t(mine ? "operator.again" : "operator.home")}
        </Button>
      }
    >
      {t(of.trouble === "gone" ? "operator.gone.why" : mine ? "operator.prove.why" : "operator.notYours.why")}
    </Status>
  );
}

const own = { "mail.none": "operator.refused.noMail", other: "operator.refused.other" };

export function wordsOf(t: Translate, trouble: Trouble): string {
  if (trouble === "gone") return t("operator.gone.why");
  return refusalWords(t, trouble, own);
}

export function Wrong({ trouble }: { trouble: Trouble | null }) {
  const t = useT();
  return (
    trouble && (
      <p className={styles.wrong} role="alert">
        {wordsOf(t, trouble)}
      </p>
    )
  );
}
