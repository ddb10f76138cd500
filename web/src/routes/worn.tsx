/** How a meeting's organisation looks, before the meeting and after it. Asked for beside prejoin: nothing waits for it. */
import { useEffect, useLayoutEffect } from "react";

import { type BrandingShown, brandingOf } from "../core/api/branding-client";
import { lineIn } from "../core/branding/line";
import { worn } from "../core/branding/worn";
import { useLocale } from "../i18n/react";
import { paint } from "../ui/branded";
import { Mark } from "../ui/Mark";
import { useStore } from "../ui/use-store";

import { admissionOf, send } from "./ports";
import type { Visit } from "./visit";
import styles from "./worn.module.css";

export interface WornProps {
  visit: Visit;
  number: string;
  secret: string | undefined;
  /** What who waits reads; else the mark, which asks. */
  line?: boolean;
}

export function Worn({ line = false, ...of }: WornProps) {
  return line ? <Line /> : <Asked {...of} />;
}

function Asked({ visit, number, secret }: Omit<WornProps, "line">) {
  const journey = useStore(visit.travel);
  const { of, branding } = useStore(worn);
  // Who came by passcode or by their account has proved it once they are told where to.
  const token = "join" in journey ? journey.join.channel_token : undefined;
  useEffect(() => {
    if (of !== number) void ask(number, secret, token);
  }, [of, number, secret, token]);
  return of === number && branding ? <Beside branding={branding} /> : null;
}

async function ask(number: string, secret: string | undefined, token: string | undefined): Promise<void> {
  const admission = await admissionOf(secret);
  if (admission !== undefined)
    worn.set({ of: number, branding: await brandingOf(send, number, { admission }) });
  else if (token !== undefined) worn.set({ of: number, branding: await brandingOf(send, number, { token }) });
}

/** Beside the brand, and in its colour all that is on the page. */
export function Beside({ branding }: { branding: BrandingShown }) {
  const { name, logo, shades } = branding;
  useLayoutEffect(() => paint(document.documentElement, shades), [shades]);
  return (
    <div className={styles.beside}>
      <Mark name={name} logo={logo} />
    </div>
  );
}

function Line() {
  const locale = useLocale();
  const { branding } = useStore(worn);
  const line = branding && lineIn(locale, branding.line);
  if (!line) return null;
  return (
    <p className={styles.line} lang={line.lang} dir="auto">
      {line.words}
    </p>
  );
}
