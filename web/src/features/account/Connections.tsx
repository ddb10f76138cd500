import { useState } from "react";

import { dayOf } from "../../core/times";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import { useAsked } from "./asked";
import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { Outcome, Part } from "./Part";
import styles from "./settings.module.css";
import { useGuard } from "./StepUp";

/** Organisations' sign-ins: which let one in, and which could. Where there are none, nothing stands here. */
export function Connections() {
  const t = useT();
  const { api, back, leave } = useDesk();
  const guard = useGuard();
  const deed = useDeed();
  const [identities, askIdentities] = useAsked(api.identities);
  const [providers] = useAsked(api.providers);
  const [refused, setRefused] = useState(back);
  if (!identities || !providers || identities.length + providers.length === 0) return null;
  const offered = providers.filter(({ name }) => !identities.some((one) => one.name === name));
  const by = providers.find(({ id }) => id === refused?.by);

  async function connect(provider: string) {
    setRefused(null);
    const done = await deed.run(() => guard(() => api.connect(provider)));
    if (done) leave(done.value.address);
  }

  async function disconnect(issuer: string) {
    setRefused(null);
    await deed.run(() => guard(() => api.disconnect(issuer)));
    askIdentities();
  }

  const trouble =
    deed.trouble ?? (refused ? { code: refused.code, params: { org: by?.name ?? refused.by } } : null);
  return (
    <Part title={t("account.connections")} hint={t("account.connections.hint")}>
      <ul className={styles.rows}>
        {identities.map((one) => (
          <li key={one.issuer} className={styles.row}>
            <div className={styles.words}>
              <p className={styles.what}>{one.name}</p>
              <p className={styles.hint}>{t("account.connections.since", { day: dayOf(one.made_at) })}</p>
            </div>
            <Button
              look="plain"
              aria-label={t("account.disconnect.label", { name: one.name })}
              onPress={() => void disconnect(one.issuer)}
            >
              {t("account.disconnect")}
            </Button>
          </li>
        ))}
      </ul>
      <Outcome deed={{ ...deed, trouble }} saved={false} />
      {offered.map((one) => (
        <div key={one.id}>
          <Button isPending={deed.busy} onPress={() => void connect(one.id)}>
            {t("account.connect", { name: one.name })}
          </Button>
        </div>
      ))}
    </Part>
  );
}
