import { type FormEvent, useState } from "react";

import type { Answer } from "../../core/api/types";
import type { TryShown, WebhookMade, WebhooksApi, WebhookShown } from "../../core/api/webhooks-client";
import { dayOf, timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Check, CircleAlert } from "../../ui/icons";
import { TextField } from "../../ui/TextField";

import { useAsked } from "./asked";
import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { Outcome, Part } from "./Part";
import { Secret } from "./Secret";
import styles from "./settings.module.css";
import { beside } from "./trouble";

const events = [
  "room_started",
  "room_finished",
  "participant_joined",
  "participant_left",
  "participant_connection_aborted",
  "track_published",
  "track_unpublished",
] as const;
/** A test comes at once, or not at all for now; so long until one looks how it went. */
const LOOK_MS = 1500;

/** One's own, or an organisation's. */
export function Webhooks({ api }: { api: WebhooksApi }) {
  const t = useT();
  const deed = useDeed();
  const [hooks, askHooks] = useAsked(api.every);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<WebhookMade | null>(null);

  async function change(asks: () => Promise<Answer<null>>) {
    await deed.run(asks);
    askHooks();
  }

  async function test(id: string) {
    if (await deed.run(() => api.ping(id))) setTimeout(askHooks, LOOK_MS);
  }

  return (
    <Part title={t("account.hooks.title")} hint={t("account.hooks.hint")}>
      <ul className={styles.rows}>
        {hooks?.map((one) => (
          <Row
            key={one.id}
            one={one}
            onTest={() => void test(one.id)}
            onRemove={() => void change(() => api.remove(one.id))}
          />
        ))}
      </ul>
      <Outcome deed={deed} saved={false} />
      <div>
        <Button onPress={() => setMaking(true)}>{t("account.hooks.make")}</Button>
      </div>
      {making && (
        <Making
          api={api}
          onEnd={(hook) => {
            setMaking(false);
            setMade(hook);
            askHooks();
          }}
        />
      )}
      {made && (
        <Secret
          title={t("account.hooks.secret")}
          why={t("account.hooks.once")}
          secret={made.secret}
          onEnd={() => setMade(null)}
        />
      )}
    </Part>
  );
}

interface RowProps {
  one: WebhookShown;
  onTest(): void;
  onRemove(): void;
}

function Row({ one, onTest, onRemove }: RowProps) {
  const t = useT();
  const [last] = one.lately;
  return (
    <li className={styles.hook}>
      <div className={styles.row}>
        <div className={styles.words}>
          <p className={styles.what}>{one.url}</p>
          {last ? (
            <Tried one={last} />
          ) : (
            <p className={styles.hint}>{t("account.hooks.untold", { count: one.events.length })}</p>
          )}
        </div>
        <Button look="plain" aria-label={t("account.hooks.test.label", { url: one.url })} onPress={onTest}>
          {t("account.hooks.test")}
        </Button>
        <Button look="plain" aria-label={t("account.remove.label", { what: one.url })} onPress={onRemove}>
          {t("account.remove")}
        </Button>
      </div>
      {one.lately.length > 1 && (
        <details className={styles.lately}>
          <summary>{t("account.hooks.lately", { count: one.lately.length })}</summary>
          <ul>
            {one.lately.map((each) => (
              <li key={each.at}>
                <Tried one={each} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** Why there was no answer; else it is a status. */
const whys: ReadonlySet<string> = new Set(["inside", "name", "away", "late", "certificate", "broken"]);

/** What it was told, when, and what it said to that: in a shape, a word, and last a colour. */
function Tried({ one }: { one: TryShown }) {
  const t = useT();
  const arrived = /^2\d\d$/.test(one.answer);
  const Shape = arrived ? Check : CircleAlert;
  return (
    <p className={styles.tried} data-failed={!arrived || undefined}>
      <Shape size={16} strokeWidth={2} aria-hidden="true" />
      {t(arrived ? "account.hooks.arrived" : "account.hooks.failed", {
        event: one.event,
        when: `${dayOf(one.at)} ${timeOfDay(one.at)}`,
        answer: whys.has(one.answer) ? t(`account.hooks.why.${one.answer}`) : one.answer,
      })}
    </p>
  );
}

function Making({ api, onEnd }: { api: WebhooksApi; onEnd(made: WebhookMade | null): void }) {
  const t = useT();
  const { now } = useDesk();
  const deed = useDeed();
  const [url, setUrl] = useState("https://");
  const [chosen, setChosen] = useState<readonly string[]>(events);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = await deed.run(() => api.make(url.trim(), chosen));
    if (done) onEnd(done.value);
  }

  const wrong = beside(t, deed.trouble, "url", now());
  return (
    <Dialog title={t("account.hooks.new")} isOpen onOpenChange={(open) => !open && onEnd(null)}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={t("account.hooks.url")}
          hint={t("account.hooks.url.hint")}
          type="url"
          inputMode="url"
          value={url}
          onChange={setUrl}
          error={wrong}
        />
        <fieldset className={styles.events}>
          <legend>{t("account.hooks.events")}</legend>
          {events.map((id) => (
            <Checkbox
              key={id}
              isSelected={chosen.includes(id)}
              onChange={(on) =>
                setChosen(events.filter((each) => (each === id ? on : chosen.includes(each))))
              }
            >
              {t(`account.event.${id}`)}
            </Checkbox>
          ))}
        </fieldset>
        {!wrong && <Outcome deed={deed} saved={false} />}
        <DialogButtons>
          <Button onPress={() => onEnd(null)}>{t("account.cancel")}</Button>
          <Button look="primary" type="submit" isPending={deed.busy}>
            {t("account.hooks.do")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
