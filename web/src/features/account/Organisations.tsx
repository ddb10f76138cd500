import type { ProviderShown } from "../../core/api/accounts-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import styles from "./account.module.css";
import { useDeed } from "./deed";
import { type Back, useDesk } from "./desk";
import { wordsOf } from "./trouble";

export interface OrganisationsProps {
  providers: readonly ProviderShown[];
  back: Back | null;
}

/** Their own sign-in, where the operator has named any. The browser goes there and comes back. */
export function Organisations({ providers, back }: OrganisationsProps) {
  const t = useT();
  if (providers.length === 0) return null;
  return (
    <>
      <p className={styles.or}>{t("account.or")}</p>
      <div className={styles.passkey}>
        {providers.map((provider) => (
          <Organisation
            key={provider.id}
            provider={provider}
            refused={back?.by === provider.id ? back.code : null}
          />
        ))}
      </div>
    </>
  );
}

/** A8 where it doesn't answer. */
function Organisation({ provider, refused }: { provider: ProviderShown; refused: string | null }) {
  const t = useT();
  const { api, leave, next, now } = useDesk();
  const deed = useDeed();
  const trouble = deed.trouble ?? (refused === null ? null : { code: refused, params: {} });

  async function go() {
    const done = await deed.run(() => api.toProvider(provider.id, next()));
    if (done) leave(done.value.address);
  }

  return (
    <>
      <Button size={48} wide isPending={deed.busy} onPress={() => void go()}>
        {t("account.organisation.use", { name: provider.name })}
      </Button>
      {trouble && (
        <p className={styles.wrong} role="alert">
          {wordsOf(t, trouble === "failed" ? trouble : named(trouble, provider.name), now())}
        </p>
      )}
    </>
  );
}

function named<T extends { params: object }>(trouble: T, org: string) {
  return { ...trouble, params: { ...trouble.params, org } };
}
