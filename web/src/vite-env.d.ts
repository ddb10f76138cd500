/// <reference types="vite/client" />

/** Of package.json, written in by the build. */
declare const __VERSION__: string;

/** Written by tools/catalogs.js: of the entries that it knows, those that have a folder. A new entry is a word here too. */
declare module "virtual:catalogs" {
  import type { Messages } from "@lingui/core";

  type Loader = () => Promise<{ catalog: Messages }>;
  export const loaders: Record<
    | "shell"
    | "room"
    | "frame"
    | "account"
    | "calendar"
    | "door"
    | "organisation"
    | "operator"
    | "growth"
    | "check"
    | "hear"
    | "billing"
    | "branding"
    | "privacy"
    | "usage"
    | "refused",
    Record<"en" | "zh-CN" | "en-XA", Loader>
  >;
}
