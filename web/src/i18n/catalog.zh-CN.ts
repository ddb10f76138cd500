import { merge, type Compiled } from "./merge";

export const catalog = merge(
  import.meta.glob<Compiled>(["../features/*/locales/zh-CN.ts", "../ui/locales/zh-CN.ts"], { eager: true }),
);
