import { type FormEvent, useState } from "react";

import type { ChoicesShown } from "../../core/api/operator-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Segments } from "../../ui/Segments";
import { TextField } from "../../ui/TextField";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { Told, type Trouble, troubleOf, useTold, wordsOf, Wrong } from "./Told";

type SignUp = ChoicesShown["sign_up"];
const ways = ["open", "domain", "closed"] as const satisfies readonly SignUp[];

/** Who signs up, and whose pages may show a meeting. */
export function Access() {
  const { api } = useDesk();
  const told = useTold(api.choices);
  return (
    <Told of={told}>
      {(choices) => (
        <>
          <SigningUp choices={choices} onChosen={told.put} />
          <Limits choices={choices} onChosen={told.put} />
          <Listed
            name="embed"
            kept={choices.embed}
            onChosen={told.put}
            asks={(embed) => api.choose({ embed })}
          />
        </>
      )}
    </Told>
  );
}

interface Chosen {
  onChosen(choices: ChoicesShown): void;
}

function SigningUp({ choices, onChosen }: Chosen & { choices: ChoicesShown }) {
  const t = useT();
  const { api } = useDesk();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  async function choose(signUp: SignUp) {
    const answer = await api.choose({ sign_up: signUp });
    setTrouble(troubleOf(answer));
    if (answer.kind === "ok") onChosen(answer.value);
  }
  return (
    <section className={styles.part}>
      <h2>{t("operator.signUp")}</h2>
      <p className={styles.hint}>{t(`operator.signUp.${choices.sign_up}.why`)}</p>
      <Segments
        label={t("operator.signUp")}
        choices={ways.map((id) => ({ id, word: t(`operator.signUp.${id}`) }))}
        chosen={choices.sign_up}
        onChoose={(id) => void choose(id)}
      />
      <Wrong trouble={trouble} />
      {choices.sign_up === "domain" && (
        <Listed
          name="domains"
          kept={choices.domains}
          onChosen={onChosen}
          asks={(domains) => api.choose({ domains })}
        />
      )}
    </section>
  );
}

const limits = ["minutes", "people"] as const;

function Limits({ choices, onChosen }: Chosen & { choices: ChoicesShown }) {
  const t = useT();
  return (
    <section className={styles.part}>
      <h2>{t("operator.limits")}</h2>
      <p className={styles.hint}>{t("operator.limits.why")}</p>
      {limits.map((name) => (
        <Limit key={name} name={name} kept={choices[name]} onChosen={onChosen} />
      ))}
    </section>
  );
}

function Limit({ name, kept, onChosen }: Chosen & { name: (typeof limits)[number]; kept: number }) {
  const t = useT();
  const { api } = useDesk();
  const [text, setText] = useState(kept ? String(kept) : "");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [saved, setSaved] = useState(false);
  async function save(event: FormEvent) {
    event.preventDefault();
    const answer = await api.choose({ [name]: Number(text) });
    setTrouble(troubleOf(answer));
    setSaved(answer.kind === "ok");
    if (answer.kind === "ok") onChosen(answer.value);
  }
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <TextField
        label={t(`operator.limits.${name}`)}
        inputMode="numeric"
        value={text}
        onChange={(now) => {
          setText(now.replace(/\D/g, "").slice(0, 6));
          setSaved(false);
        }}
        error={trouble && wordsOf(t, trouble)}
      />
      <div className={styles.line}>
        <Button type="submit">{t("operator.save")}</Button>
        {saved && <span role="status">{t("operator.saved")}</span>}
      </div>
    </form>
  );
}

interface ListedProps extends Chosen {
  name: "embed" | "domains";
  kept: string[];
  asks(some: string[]): ReturnType<ReturnType<typeof useDesk>["api"]["choose"]>;
}

/** Several, with spaces or commas between: pasted lists work. */
function Listed({ name, kept, asks, onChosen }: ListedProps) {
  const t = useT();
  const [text, setText] = useState(kept.join(", "));
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [saved, setSaved] = useState(false);
  async function save(event: FormEvent) {
    event.preventDefault();
    const answer = await asks(text.split(/[\s,，、]+/).filter(Boolean));
    setTrouble(troubleOf(answer));
    setSaved(answer.kind === "ok");
    if (answer.kind === "ok") onChosen(answer.value);
  }
  return (
    <form className={styles.part} onSubmit={(event) => void save(event)} noValidate>
      {name === "embed" && <h2>{t("operator.embed")}</h2>}
      <TextField
        label={t(`operator.${name}.label`)}
        hint={t(`operator.${name}.hint`)}
        placeholder={t(`operator.${name}.example`)}
        value={text}
        onChange={(now) => {
          setText(now);
          setSaved(false);
        }}
        error={trouble && wordsOf(t, trouble)}
      />
      <div className={styles.line}>
        <Button type="submit">{t("operator.save")}</Button>
        {saved && <span role="status">{t("operator.saved")}</span>}
      </div>
    </form>
  );
}
