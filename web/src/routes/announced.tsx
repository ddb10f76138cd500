import { useEffect, useState } from "react";

import { type AnnouncementShown, shapes } from "../core/api/operator";
import { useLocale } from "../i18n/react";
import { Banner } from "../ui/Banner";

import { call } from "./ports";

/** What who runs this server says to everybody. Nothing waits for it, and nothing is said where it doesn't come. */
export function Announced() {
  const [said, setSaid] = useState<AnnouncementShown[]>([]);
  const isChinese = useLocale() === "zh-CN";
  useEffect(() => {
    void (async () => {
      const answer = await call<AnnouncementShown[]>("GET", "/api/announcements", [shapes.AnnouncementShown]);
      if (answer.kind === "ok") setSaid(answer.value);
    })();
  }, []);
  return said.map(({ id, en, zh }) => (
    <Banner key={id} tone="info">
      {isChinese ? zh : en}
    </Banner>
  ));
}
