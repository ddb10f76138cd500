import { useState, type FormEvent, type ReactNode } from "react";

import { parseInvitation, readPasscode, type Invitation } from "../../core/invitation/parse";
import { timeOfDay } from "../../core/times";
import { Trans, useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import styles from "./Home.module.css";

export interface HomeProps {
  origin: string;
  /** D11: without https there is neither a camera nor the cryptography a link needs. */
  secure: boolean;
  starting: boolean;
  /** The server answered and would not start a meeting. */
  refused: { retryAt: number | undefined } | null;
  /** What is said to everybody. It comes in the room that is kept free above, so that nothing moves. */
  above?: ReactNode;
  onStart(): void;
  onJoin(invitation: Exclude<Invitation, { kind: "elsewhere" }>): void;
}

export function Home({ origin, secure, starting, refused, above, onStart, onJoin }: HomeProps) {
  const t = useT();
  return (
    <section className={styles.home}>
      <div className={styles.above}>{above}</div>
      <h1 className={styles.headline}>{t("home.headline")}</h1>
      <p className={styles.promise}>{t("home.promise")}</p>
      {!secure && (
        <div className={styles.notice}>
          <Banner tone="warn" title={t("home.insecure.title")}>
            {t("home.insecure.text")}
          </Banner>
        </div>
      )}
      {refused && (
        <div className={styles.notice}>
          <Banner tone="warn" title={t("home.refused.title")}>
            {refused.retryAt === undefined
              ? t("home.refused.text")
              : t("home.refused.wait", { time: timeOfDay(refused.retryAt) })}
          </Banner>
        </div>
      )}
      <div className={styles.row}>
        <Button look="primary" size={48} isDisabled={!secure} isPending={starting} onPress={onStart}>
          {t("home.start")}
        </Button>
        <JoinForm origin={origin} onJoin={onJoin} />
      </div>
    </section>
  );
}

/** One field for whatever was sent: link, number, or the whole invitation. A number asks for its passcode. */
export function JoinForm({ origin, onJoin }: Pick<HomeProps, "origin" | "onJoin">) {
  const t = useT();
  const [text, setText] = useState("");
  const [passcode, setPasscode] = useState("");
  const [refused, setRefused] = useState(false);
  const invitation = parseInvitation(text, origin);
  const byNumber = invitation?.kind === "number" ? invitation : undefined;
  const enough = byNumber?.passcode ?? readPasscode(passcode);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!invitation || invitation.kind === "elsewhere") setRefused(true);
    else if (!byNumber) onJoin(invitation);
    else if (enough) onJoin({ ...byNumber, passcode: enough });
    else setRefused(true);
  }

  return (
    <form className={styles.join} onSubmit={submit} noValidate>
      <TextField
        label={t("home.field")}
        labelHidden
        placeholder={t("home.field")}
        value={text}
        onChange={(value) => {
          setText(value);
          setRefused(false);
        }}
        autoComplete="off"
        inputMode="url"
        error={refused && !byNumber ? <Unfit invitation={invitation} /> : undefined}
      />
      <Button size={48} type="submit">
        {t("home.join")}
      </Button>
      {byNumber && !byNumber.passcode && (
        <div className={styles.passcode}>
          <TextField
            label={t("home.passcode")}
            value={passcode}
            onChange={setPasscode}
            autoComplete="off"
            inputMode="numeric"
            error={refused && !enough ? t("home.passcode.missing") : undefined}
          />
        </div>
      )}
    </form>
  );
}

function Unfit({ invitation }: { invitation: Invitation | undefined }) {
  const t = useT();
  if (invitation?.kind !== "elsewhere") return t("home.notAnInvitation");
  const { url } = invitation;
  return (
    <Trans
      id="home.elsewhere"
      values={{ host: url.host }}
      components={{ open: <Elsewhere href={url.href} /> }}
    />
  );
}

/** The translation puts the words between. */
function Elsewhere({ href, children }: { href: string; children?: ReactNode }) {
  return (
    <a href={href} rel="noreferrer">
      {children}
    </a>
  );
}
