import { type FormEvent, useEffect, useEffectEvent, useId } from "react";

import type { ColourJudged, Light } from "../../core/api/branding-client";
import { useT } from "../../i18n/react";
import { useDeed } from "../../ui/asking";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import styles from "./branding.module.css";
import { coloursOf, judgedOf, type SectionProps, shadesOf, useBranding } from "./desk";
import { said as inWords } from "./trouble";

const lights: readonly Light[] = ["light", "dark"];
/** Between two keys one is still typing. */
const TYPING_MS = 250;
const WHOLE = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;
const PICKED = /^#[0-9a-f]{6}$/i;

/** One for light pages and one for dark; each judged while it is typed, with the nearest that can be read. */
export function ColourSection(props: SectionProps) {
  const t = useT();
  const { api } = useBranding();
  const { said, draft, onDraft, onChanged } = props;
  const deed = useDeed();
  const { light, dark } = draft.colours;
  useJudging("light", props);
  useJudging("dark", props);
  const trouble = inWords(t, deed.trouble);
  const isSame = light === said.accent && dark === said.accent_dark;
  const isShort = lights.some((one) => judgedOf(draft, one)?.lack);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = await deed.run(() => api.change({ accent: light, accent_dark: light && dark }));
    if (!done) return;
    onDraft({ colours: coloursOf(done.value) });
    onChanged(done.value);
  }

  return (
    <section className={styles.section}>
      <h2>{t("branding.colour")}</h2>
      <p className={styles.note}>{t("branding.colour.text")}</p>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        {lights.map((one) => (one === "light" || light) && <ColourField key={one} light={one} {...props} />)}
        {trouble && (
          <p className={styles.error} role="alert">
            {trouble}
          </p>
        )}
        <div>
          <Button type="submit" size={48} isDisabled={!said.held || deed.busy || isSame || isShort}>
            {t("branding.save")}
          </Button>
        </div>
      </form>
    </section>
  );
}

function ColourField({ light, said, draft, onDraft }: SectionProps & { light: Light }) {
  const t = useT();
  const says = useId();
  const value = draft.colours[light];
  const judged = judgedOf(draft, light);
  const drawn = shadesOf(said, draft)?.[light].accent;
  const follows = light === "dark" && !value ? drawn : undefined;
  const change = (colour: string) => onDraft({ colours: { ...draft.colours, [light]: colour.trim() } });
  return (
    <div className={styles.colour}>
      <div className={styles.inline}>
        <TextField
          label={t(`branding.colour.${light}`)}
          placeholder={follows ?? "#1d4ed8"}
          hint={follows && t("branding.colour.follows")}
          value={value}
          onChange={change}
          isDisabled={!said.held}
          aria-describedby={judged?.lack ? says : undefined}
        />
        <input
          className={styles.swatch}
          type="color"
          aria-label={t(`branding.colour.${light}.pick`)}
          value={PICKED.test(value) ? value : (drawn ?? "#808080")}
          disabled={!said.held}
          onChange={(event) => change(event.target.value)}
        />
      </div>
      {judged?.lack && (
        <div className={styles.lack} id={says} role="status">
          <p>
            {t(`branding.lack.${judged.lack.against}`, {
              light,
              ratio: judged.lack.ratio.toFixed(2),
              least: judged.lack.least,
            })}
          </p>
          <p className={styles.row}>
            <span className={styles.sample} style={{ backgroundColor: judged.nearest }} aria-hidden="true" />
            <Button size={32} onPress={() => change(judged.nearest)}>
              {t("branding.lack.use", { colour: judged.nearest })}
            </Button>
          </p>
        </div>
      )}
    </div>
  );
}

/** The server is asked what it thinks of a colour that isn't the one it has. */
function useJudging(light: Light, { said, draft, onDraft }: SectionProps): void {
  const { api } = useBranding();
  const colour = draft.colours[light];
  const isAsked = WHOLE.test(colour) && colour !== coloursOf(said)[light];
  const heard = useEffectEvent((found: ColourJudged) =>
    onDraft({ judged: { ...draft.judged, [light]: { of: colour, found } } }),
  );
  useEffect(() => {
    if (!isAsked) return undefined;
    let over = false;
    const timer = setTimeout(async () => {
      const answer = await api.judge(colour, light);
      if (!over && answer.kind === "ok") heard(answer.value);
    }, TYPING_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [isAsked, colour, light, api]);
}
