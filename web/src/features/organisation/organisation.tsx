import { useCallback, useState } from "react";

import type { Mine, OrgShown } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";

import { Answered, NotYours } from "./Answered";
import { useAsked } from "../../ui/asking";
import { AuditTab } from "./AuditTab";
import { HereProvider, useDesk, useHere } from "./desk";
import { DomainsTab } from "./DomainsTab";
import { Found } from "./Found";
import { NameTab } from "./NameTab";
import styles from "./organisation.module.css";
import { PeopleTab } from "./PeopleTab";
import { Questions } from "./Questions";
import { RulesTab } from "./RulesTab";

const tabs = {
  people: { Tab: PeopleTab, least: "member" },
  rules: { Tab: RulesTab, least: "member" },
  domains: { Tab: DomainsTab, least: "admin" },
  branding: { Tab: BrandingTab, least: "admin" },
  programs: { Tab: ProgramsTab, least: "admin" },
  plan: { Tab: PlanTab, least: "admin" },
  usage: { Tab: UsageTab, least: "admin" },
  audit: { Tab: AuditTab, least: "admin" },
  about: { Tab: NameTab, least: "member" },
} as const;

type TabId = keyof typeof tabs;
const ids = Object.keys(tabs) as TabId[];

/** Of whoever is in one or more; who is in none makes one here. */
export function Organisation({ tab, item }: { tab: string; item?: string | undefined }) {
  const { api } = useDesk();
  const [mine, reload] = useAsked(api.mine);
  /** Who is led here is led to one of them. */
  const [chosen, choose] = useState(() => new URLSearchParams(location.search).get("org"));
  return (
    <Answered asked={mine} onRetry={reload}>
      {(value) => (
        <OfMine
          mine={value}
          tab={ids.find((id) => id === tab) ?? "people"}
          item={item}
          chosen={value.orgs.find(({ id }) => id === chosen)?.id ?? value.orgs[0]?.id}
          onChoose={choose}
          onChanged={reload}
        />
      )}
    </Answered>
  );
}

interface OfMineProps {
  mine: Mine;
  tab: TabId;
  item: string | undefined;
  chosen: string | undefined;
  onChoose(org: string): void;
  onChanged(): void;
}

function OfMine({ chosen, ...rest }: OfMineProps) {
  const { mine, onChanged } = rest;
  if (chosen === undefined)
    return (
      <div className={styles.alone}>
        <Questions questions={mine.questions} onAnswered={onChanged} />
        <Found onFound={onChanged} />
      </div>
    );
  return <InOne key={chosen} id={chosen} {...rest} />;
}

function InOne({ id, tab, item, mine, onChoose, onChanged }: Omit<OfMineProps, "chosen"> & { id: string }) {
  const { api } = useDesk();
  const [org, reload] = useAsked(useCallback(() => api.look(id), [api, id]));
  function changed() {
    reload();
    onChanged();
  }
  return (
    <Answered asked={org} onRetry={reload}>
      {(value) => {
        const governs = value.role !== "member";
        const here = {
          org: value,
          governs,
          owns: value.role === "owner",
          item,
          reload: changed,
        };
        const { Tab, least } = tabs[tab];
        return (
          <HereProvider value={here}>
            <div className={styles.organisation}>
              <Side org={value} mine={mine} tab={tab} onChoose={onChoose} />
              <div className={styles.content}>
                <Questions questions={mine.questions} onAnswered={onChanged} />
                {least === "admin" && !governs ? <NotYours /> : <Tab />}
              </div>
            </div>
          </HereProvider>
        );
      }}
    </Answered>
  );
}

interface SideProps extends Pick<OfMineProps, "mine" | "tab" | "onChoose"> {
  org: OrgShown;
}

function Side({ org, mine, tab, onChoose }: SideProps) {
  const t = useT();
  const { go } = useDesk();
  const shown = ids.filter((id) => org.role !== "member" || tabs[id].least === "member");
  return (
    <nav className={styles.side} aria-label={t("organisation.nav")}>
      {mine.orgs.length > 1 ? (
        <select
          className={styles.which}
          aria-label={t("organisation.which")}
          value={org.id}
          onChange={(event) => onChoose(event.target.value)}
        >
          {mine.orgs.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <p className={styles.name} dir="auto">
          {org.name}
        </p>
      )}
      {shown.map((id) => (
        <a
          key={id}
          href={`/org/${id}`}
          aria-current={id === tab ? "page" : undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            go(`/org/${id}`);
          }}
        >
          {t(`organisation.tab.${id}`)}
        </a>
      ))}
    </nav>
  );
}

function PlanTab() {
  const { plan } = useDesk();
  const { org, owns, item } = useHere();
  return plan(org.id, owns, item);
}

function BrandingTab() {
  const { branding } = useDesk();
  const { org, owns } = useHere();
  return branding(org.id, org.name, owns);
}

function UsageTab() {
  const { usage } = useDesk();
  const { org } = useHere();
  return usage(org.id);
}

function ProgramsTab() {
  const t = useT();
  const { programs } = useDesk();
  const { org } = useHere();
  return (
    <>
      <title>{`${t("organisation.tab.programs")} · Folkmoot`}</title>
      <div className={styles.head}>
        <h1>{t("organisation.tab.programs")}</h1>
      </div>
      {programs(org.id)}
    </>
  );
}
