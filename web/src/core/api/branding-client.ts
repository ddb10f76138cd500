/** How an organisation looks to those who meet with it, over HTTP: for who looks after it, and for who has a meeting's link. */
import {
  type BrandingChange,
  type BrandingSaid,
  type BrandingShown,
  type ColourJudged,
  type Light,
  type MeetingBranding,
  shapes,
} from "./branding";
import type { Call } from "./call";
import type { Answer } from "./types";

export type * from "./branding";

export function createBrandingApi(call: Call, org: string) {
  const at = `/api/orgs/${encodeURIComponent(org)}/branding`;
  return {
    look: () => call<BrandingSaid>("GET", at, shapes.BrandingSaid),
    change: (wanted: BrandingChange) => call<BrandingSaid>("PATCH", at, shapes.BrandingSaid, wanted),
    putBack: () => call<null>("DELETE", at, "nothing"),
    bringLogo: (logo: Blob) => call<BrandingSaid>("PUT", `${at}/logo`, shapes.BrandingSaid, logo),
    takeLogoAway: () => call<null>("DELETE", `${at}/logo`, "nothing"),
    judge: (colour: string, light: Light) =>
      call<ColourJudged>("POST", `${at}/colour`, shapes.ColourJudged, { colour, light }),
  };
}

export type BrandingApi = ReturnType<typeof createBrandingApi>;

/** Of a meeting's organisation. @param shown a link's admission, or the ticket of its channel */
export async function brandingOf(
  call: Call,
  number: string,
  shown: { admission: string } | { token: string },
): Promise<BrandingShown | null> {
  const admission = "admission" in shown ? { admission: shown.admission } : {};
  const path = `/api/meetings/${encodeURIComponent(number)}/branding`;
  const token = "token" in shown ? shown.token : undefined;
  const answer: Answer<MeetingBranding> = await call("POST", path, shapes.MeetingBranding, admission, token);
  return answer.kind === "ok" ? answer.value.branding : null;
}
