/** Which language the interface speaks. Words follow this choice; date formats follow the browser's region. */
export const languages = ["zh-CN", "en"] as const;

export type Language = (typeof languages)[number];

/** `en-XA` is English stretched and accented: what stays unaccented or gets clipped is a mistake of ours. */
export type Locale = Language | "en-XA";

export const languageNames: Record<Language, string> = { "zh-CN": "中文", en: "English" };

/** The remembered choice wins; else the first of the browser's languages that we speak; else English. */
export function pickLocale(remembered: string | null, wanted: readonly string[]): Locale {
  if (remembered === "en" || remembered === "zh-CN" || remembered === "en-XA") return remembered;
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0];
    if (language === "zh") return "zh-CN";
    if (language === "en") return "en";
  }
  return "en";
}
