import { useCallback } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { Along, useAlong } from "./Along";
import { useAsked, useDeed } from "../../ui/asking";
import { useDesk } from "./desk";
import { Answered } from "./Answered";
import styles from "./organisation.module.css";
import { said } from "./trouble";

export interface InvitationProps {
  secret: string;
  /** Who is signed in; null: nobody. */
  name: string | null;
}

/** Who invites, what a yes means, and as whom one says it. */
export function Invitation({ secret, name }: InvitationProps) {
  const t = useT();
  const { api, go } = useDesk();
  const deed = useDeed();
  const along = useAlong();
  const [seen, retry] = useAsked(useCallback(() => api.invitation(secret), [api, secret]));

  async function join() {
    if (await deed.run(() => api.join(secret, along.chosen))) go("/org/people");
  }

  if (seen.at === "refused")
    return (
      <Status
        icon={CircleAlert}
        title={t("organisation.invitation.over")}
        actions={
          <Button look="primary" size={48} onPress={() => go("/")}>
            {t("organisation.home")}
          </Button>
        }
      >
        {t("organisation.invitation.overText")}
      </Status>
    );
  return (
    <Answered asked={seen} onRetry={retry}>
      {({ org, by, domains }) => (
        <section className={styles.invitation}>
          <title>{`${t("organisation.question", { name: org })} · Folkmoot`}</title>
          <h1>{t("organisation.question", { name: org })}</h1>
          <p>
            {by
              ? t("organisation.invitation.by", { by, org })
              : t("organisation.question.invited", { name: org })}
            {domains.length > 0 &&
              ` ${t("organisation.invitation.domains", { domains: domains.join(", ") })}`}
          </p>
          <ul className={styles.facts}>
            <li>{t("organisation.question.seen")}</li>
            <li>{t("organisation.question.rules")}</li>
            <li>{t("organisation.question.no")}</li>
          </ul>
          {name !== null && <Along name={org} along={along} />}
          {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
          {name === null ? (
            <div className={styles.row}>
              <Button look="primary" size={48} onPress={() => go("/signin?next=/invite")}>
                {t("organisation.invitation.signIn")}
              </Button>
              <Button size={48} onPress={() => go("/signup?next=/invite")}>
                {t("organisation.invitation.signUp")}
              </Button>
            </div>
          ) : (
            <>
              <p className={styles.note}>{t("organisation.invitation.as", { name })}</p>
              <div className={styles.row}>
                <Button look="primary" size={48} isDisabled={deed.busy} onPress={() => void join()}>
                  {t("organisation.question.join")}
                </Button>
                <Button size={48} onPress={() => go("/")}>
                  {t("organisation.question.decline")}
                </Button>
              </div>
            </>
          )}
        </section>
      )}
    </Answered>
  );
}
