import { useState } from "react";

import type { CheckShown } from "../../core/api/operator";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Check, TriangleAlert } from "../../ui/icons";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { Told, type Trouble, troubleOf, useTold, Wrong } from "./Told";

/** What `folkmoot doctor` looks at, beside a server that runs. */
export function Checks() {
  const t = useT();
  const { api } = useDesk();
  const told = useTold(api.checks);
  // The checks say so already.
  const isWithoutMail = told.value?.some(({ code }) => code === "mail.none");
  return (
    <>
      <section className={styles.part}>
        <div className={styles.head}>
          <h2>{t("operator.checks")}</h2>
          <Button look="plain" onPress={() => void told.ask()}>
            {t("operator.checks.again")}
          </Button>
        </div>
        <Told of={told}>
          {(checks) => (
            <ul className={styles.rows}>
              {checks.map((found) => (
                <Found key={found.what} {...found} />
              ))}
            </ul>
          )}
        </Told>
      </section>
      {told.value && !isWithoutMail && <MailTest />}
    </>
  );
}

/** One that has no words here yet is said as the shell says it. */
function Found({ good, code, params, what, advice }: CheckShown) {
  const t = useT();
  const name = code.replace(".", "_");
  const [about, then] = [`operator.found.${name}`, `operator.found.${name}.then`];
  const isKnown = t(about, params) !== about;
  return (
    <li className={styles.row} data-bad={good ? undefined : ""}>
      {good ? (
        <Check size={20} strokeWidth={1.75} aria-label={t("operator.checks.good")} />
      ) : (
        <TriangleAlert size={20} strokeWidth={1.75} aria-label={t("operator.checks.bad")} />
      )}
      <div className={styles.words} lang={isKnown ? undefined : "en"}>
        <p className={styles.what}>{isKnown ? t(about, params) : what}</p>
        {advice && <p className={styles.hint}>{isKnown ? t(then, params) : advice}</p>}
      </div>
    </li>
  );
}

function MailTest() {
  const t = useT();
  const { api } = useDesk();
  const [sent, setSent] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  async function send() {
    const answer = await api.tryMail();
    setTrouble(troubleOf(answer));
    setSent(answer.kind === "ok" ? answer.value.address : null);
  }
  return (
    <section className={styles.part}>
      <h2>{t("operator.mail")}</h2>
      <p className={styles.hint}>{t("operator.mail.why")}</p>
      <Wrong trouble={trouble} />
      {sent && <p role="status">{t("operator.mail.sent", { address: sent })}</p>}
      <div>
        <Button onPress={() => void send()}>{t("operator.mail.send")}</Button>
      </div>
    </section>
  );
}
