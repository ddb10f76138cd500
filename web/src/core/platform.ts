/** Only for words: where a person finds a switch. Nothing is decided by what a browser calls itself. */

export type SystemName = "macOS" | "Windows" | "iOS" | "Android" | "ChromeOS" | "Linux" | "other";

export function systemName(userAgent: string): SystemName {
  if (/iPhone|iPad/.test(userAgent)) return "iOS";
  if (/Android/.test(userAgent)) return "Android";
  if (/Mac OS X/.test(userAgent)) return "macOS";
  if (/Windows/.test(userAgent)) return "Windows";
  if (/CrOS/.test(userAgent)) return "ChromeOS";
  return /Linux/.test(userAgent) ? "Linux" : "other";
}

export function browserName(userAgent: string): string {
  if (/Edg\//.test(userAgent)) return "Edge";
  if (/Firefox\//.test(userAgent)) return "Firefox";
  if (/Chrome\//.test(userAgent)) return "Chrome";
  return /Safari\//.test(userAgent) ? "Safari" : "browser";
}
