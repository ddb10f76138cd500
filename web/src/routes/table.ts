/**
 * Every address besides home and a meeting's (`first.ts`), and what is fetched for it: its code by an `import()` here, its
 * sentences with its catalog (tools/catalogs.js). Not in the shell, so that prejoin stays as small however many there are.
 */
import { openCatalog } from "../i18n/i18n";

import { inside, page, type Row } from "./page";

const calendar = () => import("./calendar");
const signInPages = () => import("./SignInPages");

export const routes: readonly Row[] = [
  { path: "/test", page: page("check", async () => (await import("./CheckPage")).CheckRoute) },
  { path: "/privacy", page: page("privacy", async () => (await import("./PrivacyPage")).PrivacyRoute) },
  { path: "/signin", page: page("account", async () => (await signInPages()).SignInRoute) },
  { path: "/signin/help", page: page("account", async () => (await signInPages()).HelpRoute) },
  { path: "/signup", page: page("account", async () => (await signInPages()).SignUpRoute) },
  { path: "/setup", page: page("account", async () => (await signInPages()).SetUpRoute) },
  { path: "/verify", page: page("account", async () => (await signInPages()).VerifyRoute) },
  { path: "/reset", page: page("account", async () => (await signInPages()).ResetRoute) },
  {
    path: "/settings/:tab?",
    page: inside("account", async () => (await import("./SettingsPage")).SettingsRoute),
  },
  { path: "/operator/:tab?/:item?/:part?", page: inside("operator", operatorPage) },
  { path: "/meetings/new", page: inside("calendar", async () => (await calendar()).PlanRoute) },
  { path: "/meetings/:id/edit", page: inside("calendar", async () => (await calendar()).PlanRoute) },
  { path: "/meetings/:id", page: inside("calendar", async () => (await calendar()).MeetingRoute) },
  { path: "/answer", page: page("calendar", async () => (await calendar()).AnswerRoute) },
  {
    path: "/org/:tab?/:item?",
    page: inside("organisation", async () => (await import("./OrganisationPage")).OrganisationRoute),
  },
  {
    path: "/invite",
    page: page("organisation", async () => (await import("./InvitationPage")).InvitationRoute),
  },
];

/** Before it, somebody proves who they are: in the words of their account's pages. */
async function operatorPage() {
  const [{ OperatorRoute, fetchAhead }] = await Promise.all([
    import("./OperatorPage"),
    openCatalog("account"),
  ]);
  fetchAhead(location.pathname);
  return OperatorRoute;
}
