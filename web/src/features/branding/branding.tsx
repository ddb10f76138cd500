/** How an organisation looks to those who meet with it: said in sections, shown beside them as others would see it. */
import { useCallback, useState } from "react";

import type { BrandingSaid } from "../../core/api/branding-client";
import { useT } from "../../i18n/react";
import { Answered } from "../../ui/Answered";
import { useAsked, useDeed } from "../../ui/asking";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import styles from "./branding.module.css";
import { ColourSection } from "./ColourSection";
import { type Draft, draftOf, type SectionProps, useBranding } from "./desk";
import { LineSection } from "./LineSection";
import { LogoSection } from "./LogoSection";
import { NameSection } from "./NameSection";
import { Preview } from "./Preview";
import { said as inWords } from "./trouble";

/** One below the other. */
const sections = [
  { id: "name", Section: NameSection },
  { id: "logo", Section: LogoSection },
  { id: "colour", Section: ColourSection },
  { id: "line", Section: LineSection },
] as const;

export function Branding() {
  const t = useT();
  const { api } = useBranding();
  const [asked, reload] = useAsked(useCallback(() => api.look(), [api]));
  return (
    <>
      <title>{`${t("branding.title")} · Folkmoot`}</title>
      <div className={styles.head}>
        <h1>{t("branding.title")}</h1>
        <p className={styles.lead}>{t("branding.text")}</p>
      </div>
      <Answered asked={asked} onRetry={reload} refused={Refused}>
        {(value) => <Of key={JSON.stringify(value)} first={value} onPutBack={reload} />}
      </Answered>
    </>
  );
}

function Of({ first, onPutBack }: { first: BrandingSaid; onPutBack(): void }) {
  const [said, setSaid] = useState(first);
  const [draft, setDraft] = useState<Draft>(() => draftOf(first));
  const props: SectionProps = {
    said,
    draft,
    onDraft: (part) => setDraft((before) => ({ ...before, ...part })),
    // What is being typed elsewhere on the page stays.
    onChanged: setSaid,
  };
  return (
    <div className={styles.columns}>
      <div className={styles.sections}>
        {!said.held && <NotHeld />}
        {sections.map(({ id, Section }) => (
          <Section key={id} {...props} />
        ))}
        <PutBack said={said} onDone={onPutBack} />
      </div>
      <Preview said={said} draft={draft} />
    </div>
  );
}

/** What is set is kept, and nobody else sees it. */
function NotHeld() {
  const t = useT();
  const { owns, go } = useBranding();
  return (
    <Banner
      tone="info"
      title={t("branding.notHeld")}
      actions={
        owns && (
          <Button size={32} onPress={() => go("/org/plan")}>
            {t("branding.plans")}
          </Button>
        )
      }
    >
      {t(owns ? "branding.notHeld.owner" : "branding.notHeld.admin")}
    </Banner>
  );
}

function PutBack({ said, onDone }: { said: BrandingSaid; onDone(): void }) {
  const t = useT();
  const { api } = useBranding();
  const deed = useDeed();
  const [sure, setSure] = useState(false);
  const { name, line, accent, logo } = said;
  if (!name && !line.en && !line.zh && !accent && !logo) return null;

  async function go() {
    if (await deed.run(() => api.putBack())) onDone();
  }

  return (
    <section className={styles.section}>
      {sure ? (
        <>
          <p>{t("branding.putBack.text")}</p>
          <div className={styles.row}>
            <Button look="danger" isDisabled={deed.busy} onPress={() => void go()}>
              {t("branding.putBack.yes")}
            </Button>
            <Button onPress={() => setSure(false)}>{t("branding.cancel")}</Button>
          </div>
        </>
      ) : (
        <div className={styles.row}>
          <Button onPress={() => setSure(true)}>{t("branding.putBack")}</Button>
        </div>
      )}
      {deed.trouble && <p className={styles.error}>{inWords(t, deed.trouble)}</p>}
    </section>
  );
}

function Refused() {
  const t = useT();
  return <Status icon={CircleAlert} title={t("branding.refused")} />;
}
