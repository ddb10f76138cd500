import { type FormEvent, useState } from "react";

import type { ApiKeyMade, ApiKeyShown } from "../../core/api/accounts-client";
import { type Area, areas, type Extents, extents, extentsOf, scopesOf } from "../../core/account/scopes";
import { dayOf } from "../../core/times";
import { useT } from "../../i18n/react";
import { useAccount } from "../../ui/account";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Segments } from "../../ui/Segments";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";

import { useAsked } from "./asked";
import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { Outcome, Part } from "./Part";
import { Secret } from "./Secret";
import styles from "./settings.module.css";
import { useGuard } from "./StepUp";
import { beside } from "./trouble";

/** Days; 0 has no end. */
const lives = ["7", "30", "90", "365", "0"];

export function ApiKeys() {
  const t = useT();
  const { api } = useDesk();
  const deed = useDeed();
  const [keys, askKeys] = useAsked(api.keys);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<ApiKeyMade | null>(null);

  async function revoke(id: string) {
    await deed.run(() => api.revokeKey(id));
    askKeys();
  }

  return (
    <Part title={t("account.keys.title")} hint={t("account.keys.hint")}>
      <ul className={styles.rows}>
        {keys?.map((one) => (
          <Row key={one.id} one={one} onRevoke={() => void revoke(one.id)} />
        ))}
      </ul>
      <Outcome deed={deed} saved={false} />
      <div>
        <Button onPress={() => setMaking(true)}>{t("account.keys.make")}</Button>
      </div>
      {making && (
        <Making
          onEnd={(key) => {
            setMaking(false);
            setMade(key);
            askKeys();
          }}
        />
      )}
      {made && (
        <Secret
          title={made.name}
          why={t("account.keys.once")}
          secret={made.key}
          onEnd={() => setMade(null)}
        />
      )}
    </Part>
  );
}

function Row({ one, onRevoke }: { one: ApiKeyShown; onRevoke(): void }) {
  const t = useT();
  const may = extentsOf(one.scopes).map(({ area, extent }) =>
    t("account.keys.may", { area: t(`account.area.${area}`), extent: t(`account.extent.${extent}`) }),
  );
  const used = one.used_at
    ? t("account.keys.used", { day: dayOf(one.used_at) })
    : t("account.keys.unused", { day: dayOf(one.made_at) });
  const ends = one.until ? t("account.keys.until", { day: dayOf(one.until) }) : t("account.keys.endless");
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p className={styles.what} dir="auto">
          {one.name}
        </p>
        <p className={styles.hint}>{may.join(" · ")}</p>
        <p className={styles.hint}>{[used, ends].join(" · ")}</p>
      </div>
      <Button look="plain" aria-label={t("account.keys.revoke.label", { name: one.name })} onPress={onRevoke}>
        {t("account.keys.revoke")}
      </Button>
    </li>
  );
}

function Making({ onEnd }: { onEnd(made: ApiKeyMade | null): void }) {
  const t = useT();
  const { operator } = useAccount();
  const { api, now } = useDesk();
  const guard = useGuard();
  const deed = useDeed();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<Extents>({ meetings: "read" });
  const [life, setLife] = useState<string>("90");

  async function submit(event: FormEvent) {
    event.preventDefault();
    const days = Number(life);
    const wanted = { name, scopes: scopesOf(chosen), ...(days > 0 && { days }) };
    const done = await deed.run(() => guard(() => api.makeKey(wanted)));
    if (done) onEnd(done.value);
  }

  const offered = areas.filter((area) => area !== "operator" || operator);
  return (
    <Dialog title={t("account.keys.new")} isOpen onOpenChange={(open) => !open && onEnd(null)}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={t("account.keys.name")}
          hint={t("account.keys.name.hint")}
          value={name}
          onChange={setName}
          error={beside(t, deed.trouble, "name", now())}
        />
        <div className={styles.areas}>
          {offered.map((area) => (
            <Extending
              key={area}
              area={area}
              chosen={chosen}
              onChoose={(extent) => setChosen({ ...chosen, [area]: extent })}
            />
          ))}
        </div>
        <Select
          label={t("account.keys.life")}
          chosen={life}
          choices={lives.map((id) => ({
            id,
            word: id === "0" ? t("account.keys.endless") : t("account.keys.days", { count: Number(id) }),
          }))}
          onChoose={setLife}
        />
        <Outcome deed={deed} saved={false} />
        <DialogButtons>
          <Button onPress={() => onEnd(null)}>{t("account.cancel")}</Button>
          <Button look="primary" type="submit" isPending={deed.busy}>
            {t("account.keys.do")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

interface ExtendingProps {
  area: Area;
  chosen: Extents;
  onChoose(extent: (typeof extents)[number]): void;
}

function Extending({ area, chosen, onChoose }: ExtendingProps) {
  const t = useT();
  const label = t(`account.area.${area}`);
  return (
    <div className={styles.area}>
      <span>{label}</span>
      <Segments
        label={label}
        choices={extents.map((id) => ({ id, word: t(`account.extent.${id}`) }))}
        chosen={chosen[area] ?? "none"}
        onChoose={onChoose}
      />
    </div>
  );
}
