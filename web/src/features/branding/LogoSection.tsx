import { type ChangeEvent, useRef } from "react";

import { useT } from "../../i18n/react";
import { useDeed } from "../../ui/asking";
import { Button } from "../../ui/Button";

import styles from "./branding.module.css";
import { type SectionProps, useBranding } from "./desk";
import { said as inWords } from "./trouble";

const TYPES = "image/png,image/jpeg,image/webp,.png,.jpg,.jpeg,.webp,.svg";

/** Brought as a file and drawn anew by the server. An SVG may be chosen, so that words can say why it isn't taken. */
export function LogoSection({ said, onChanged }: SectionProps) {
  const t = useT();
  const { api } = useBranding();
  const deed = useDeed();
  const input = useRef<HTMLInputElement>(null);
  const { logo } = said;

  async function bring(event: ChangeEvent<HTMLInputElement>) {
    const [file] = event.target.files ?? [];
    event.target.value = ""; // the same may be chosen again
    if (!file) return;
    const done = await deed.run(() => api.bringLogo(file));
    if (done) onChanged(done.value);
  }

  async function away() {
    if (await deed.run(() => api.takeLogoAway())) onChanged({ ...said, logo: null });
  }

  return (
    <section className={styles.section}>
      <h2>{t("branding.logo")}</h2>
      <p className={styles.note}>{t("branding.logo.text")}</p>
      {logo && (
        <img
          className={styles.logo}
          src={logo.url}
          width={logo.width}
          height={logo.height}
          alt={t("branding.logo.now")}
        />
      )}
      <div className={styles.row}>
        <Button isDisabled={!said.held || deed.busy} onPress={() => input.current?.click()}>
          {t(logo ? "branding.logo.other" : "branding.logo.choose")}
        </Button>
        {logo && (
          <Button look="plain" isDisabled={deed.busy} onPress={() => void away()}>
            {t("branding.logo.remove")}
          </Button>
        )}
        <input
          ref={input}
          className="visually-hidden"
          type="file"
          accept={TYPES}
          tabIndex={-1}
          aria-label={t("branding.logo.choose")}
          disabled={!said.held}
          onChange={(event) => void bring(event)}
        />
      </div>
      {deed.trouble && (
        <p className={styles.error} role="alert">
          {inWords(t, deed.trouble)}
        </p>
      )}
    </section>
  );
}
