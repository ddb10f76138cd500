import { useState } from "react";

import type { ProfileRequest } from "../../core/api/accounts";
import { languageNames, languages } from "../../i18n/languages";
import { useLocale, useT } from "../../i18n/react";
import { useAccount } from "../../ui/account";
import { Select } from "../../ui/Select";
import { Segments } from "../../ui/Segments";
import { TextField } from "../../ui/TextField";

import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { Outcome, Part } from "./Part";
import { PicturePart } from "./PicturePart";
import styles from "./settings.module.css";

/** Saved as it is changed. What the server won't take goes back to what it was, and the reason stays. */
function useProfile() {
  const { api, is } = useDesk();
  const deed = useDeed();
  const [saved, setSaved] = useState(false);
  async function save(profile: ProfileRequest): Promise<boolean> {
    setSaved(false);
    const done = await deed.run(() => api.change(profile));
    if (done) is(done.value);
    setSaved(done !== undefined);
    return done !== undefined;
  }
  return { deed, saved, save };
}

export function ProfileTab() {
  const t = useT();
  const account = useAccount();
  const { deed, saved, save } = useProfile();
  const [name, setName] = useState(account.name);

  async function keep() {
    if (name === account.name) return;
    if (!(await save({ name }))) setName(account.name);
  }

  return (
    <>
      <PicturePart />
      <Part>
        <div className={styles.pair}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void keep();
            }}
            noValidate
          >
            <TextField
              label={t("account.name")}
              hint={t("account.name.hint")}
              value={name}
              onChange={setName}
              onBlur={() => void keep()}
              autoComplete="name"
            />
          </form>
          <Select
            label={t("account.zone")}
            chosen={account.time_zone}
            choices={zones(account.time_zone)}
            onChoose={(zone) => void save({ time_zone: zone })}
          />
        </div>
        <Outcome deed={deed} saved={saved} />
      </Part>
    </>
  );
}

export function LanguageTab() {
  const t = useT();
  const locale = useLocale();
  const { chooseLanguage } = useDesk();
  const { deed, saved, save } = useProfile();
  return (
    <Part title={t("account.language.title")} hint={t("account.language.hint")}>
      <Segments
        label={t("account.language.title")}
        choices={languages.map((id) => ({ id, word: languageNames[id] }))}
        chosen={locale === "zh-CN" ? "zh-CN" : "en"}
        onChoose={(language) => {
          chooseLanguage(language);
          void save({ language });
        }}
      />
      <Outcome deed={deed} saved={saved} />
    </Part>
  );
}

/** The one it is stands there even where this browser doesn't know it. */
function zones(mine: string): { id: string; word: string }[] {
  const known = "supportedValuesOf" in Intl ? Intl.supportedValuesOf("timeZone") : [];
  const all = known.includes(mine) ? known : [mine, ...known];
  return all.map((id) => ({ id, word: id.replaceAll("_", " ") }));
}
