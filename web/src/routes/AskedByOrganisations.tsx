import { useCallback, useEffect, useState } from "react";

import { Chunk } from "../core/chunk";
import { type Mine, shapes } from "../core/api/orgs";
import { openCatalog } from "../i18n/i18n";
import { Part } from "../ui/Part";

import { call } from "./ports";

/** Its code and words come only where somebody is asked. */
const questions = new Chunk(async () => {
  const [{ QuestionsRoute }] = await Promise.all([import("./OrganisationPage"), openCatalog("organisation")]);
  return QuestionsRoute;
});

/** Over the dashboard: an organisation asks whether one wants to be its member. Nothing waits for it. */
export function AskedByOrganisations() {
  const [asked, setAsked] = useState<Mine["questions"]>([]);
  const ask = useCallback(() => {
    void (async () => {
      const answer = await call<Mine>("GET", "/api/orgs", shapes.Mine);
      if (answer.kind === "ok") setAsked(answer.value.questions);
    })();
  }, []);
  useEffect(ask, [ask]);
  return asked.length > 0 && <Part of={questions} props={{ questions: asked, onAnswered: ask }} />;
}
