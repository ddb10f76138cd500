/** What who runs this server says to everybody. Law: when it comes, nothing moves that somebody may be about to press. */
import { type ReactNode, useEffect, useState } from "react";

import { type AnnouncementShown, shapes } from "../core/api/operator";
import { Store } from "../core/store";
import { useLocale } from "../i18n/react";
import { Banner } from "../ui/Banner";
import { useStore } from "../ui/use-store";

import styles from "./announced.module.css";
import { call, clock } from "./ports";

/** So long a page waits for it; what comes later stands below. */
export const PATIENCE_MS = 300;

/** Null until it is known. What was known stands at once when one comes back. */
const said = new Store<readonly AnnouncementShown[] | null>(null);

/** Asks again: what is new is shown below what was known. */
export async function hear(): Promise<void> {
  const answer = await call<AnnouncementShown[]>("GET", "/api/announcements", [shapes.AnnouncementShown]);
  if (answer.kind === "ok") said.set(answer.value);
}

/** Where room is kept for it. */
export function Announced() {
  useEffect(() => void hear(), []);
  return <Banners of={useStore(said) ?? []} />;
}

/** Above a page that waits a moment for what is being heard; what comes after that stands below. */
export function AnnouncedAround({ children }: { children: ReactNode }) {
  const known = useStore(said);
  const [above, setAbove] = useState(known);
  useEffect(() => clock.after(PATIENCE_MS, () => setAbove((there) => there ?? [])), []);
  if (above === null && known !== null) setAbove(known);
  if (above === null) return null;
  return (
    <>
      <Banners of={above} />
      {children}
      <Banners of={known?.filter(({ id }) => above.every((one) => one.id !== id)) ?? []} />
    </>
  );
}

function Banners({ of }: { of: readonly AnnouncementShown[] }) {
  const isChinese = useLocale() === "zh-CN";
  if (of.length === 0) return null;
  return (
    <div className={styles.said}>
      {of.map(({ id, en, zh }) => (
        <Banner key={id} tone="info">
          {isChinese ? zh : en}
        </Banner>
      ))}
    </div>
  );
}
