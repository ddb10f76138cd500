import { type FormEvent, useState } from "react";

import type { AnnouncementShown } from "../../core/api/operator-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Segments } from "../../ui/Segments";
import { TextField } from "../../ui/TextField";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { moment } from "./shown";
import { Told, type Trouble, troubleOf, useTold, wordsOf } from "./Told";

/** In hours. */
const lives = { day: 24, week: 24 * 7, month: 24 * 30 } as const;
type Life = keyof typeof lives;
const each = Object.keys(lives) as Life[];

export function Announcements() {
  const t = useT();
  const { api } = useDesk();
  const told = useTold(api.announcements);
  async function remove(id: string) {
    await api.unannounce(id);
    await told.ask();
  }
  return (
    <>
      <Announcing onMade={() => void told.ask()} />
      <section className={styles.part}>
        <h2>{t("operator.announced")}</h2>
        <Told of={told}>
          {(some) =>
            some.length === 0 ? (
              <p className={styles.hint}>{t("operator.announced.none")}</p>
            ) : (
              <ul className={styles.rows}>
                {some.map((one) => (
                  <Announced key={one.id} one={one} onRemove={() => void remove(one.id)} />
                ))}
              </ul>
            )
          }
        </Told>
      </section>
    </>
  );
}

function Announced({ one, onRemove }: { one: AnnouncementShown; onRemove(): void }) {
  const t = useT();
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p lang="en">{one.en}</p>
        {one.zh !== one.en && <p lang="zh-CN">{one.zh}</p>}
        <p className={styles.hint}>{t("operator.announced.until", { time: moment(one.ends) })}</p>
      </div>
      <Button aria-label={t("operator.announced.removeOne", { words: one.en })} onPress={onRemove}>
        {t("operator.announced.remove")}
      </Button>
    </li>
  );
}

function Announcing({ onMade }: { onMade(): void }) {
  const t = useT();
  const { api, now } = useDesk();
  const [en, setEn] = useState("");
  const [zh, setZh] = useState("");
  const [life, setLife] = useState<Life>("day");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  async function submit(event: FormEvent) {
    event.preventDefault();
    const ends = new Date(now() + lives[life] * 3_600_000).toISOString();
    const answer = await api.announce({ en, zh, ends });
    setTrouble(troubleOf(answer));
    if (answer.kind !== "ok") return;
    setEn("");
    setZh("");
    onMade();
  }
  return (
    <form className={styles.part} onSubmit={(event) => void submit(event)} noValidate>
      <p className={styles.hint}>{t("operator.announce.why")}</p>
      <TextField
        label={t("operator.announce.en")}
        value={en}
        onChange={setEn}
        error={trouble && wordsOf(t, trouble)}
      />
      <TextField label={t("operator.announce.zh")} value={zh} onChange={setZh} />
      <div className={styles.line}>
        <Segments
          label={t("operator.announce.life")}
          choices={each.map((id) => ({ id, word: t(`operator.announce.${id}`) }))}
          chosen={life}
          onChoose={(id) => setLife(id)}
        />
        <Button look="primary" type="submit">
          {t("operator.announce.do")}
        </Button>
      </div>
    </form>
  );
}
