import { merge, type Compiled } from "./merge";

export const catalog = merge(
  import.meta.glob<Compiled>(["../features/*/locales/en.ts", "../ui/locales/en.ts"], { eager: true }),
);
