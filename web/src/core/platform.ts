/** Only for words: where a person finds a switch. Nothing is decided by what a browser calls itself. */

export function systemName(userAgent: string): "macOS" | "Windows" | "iOS" | "Android" | "other" {
  if (/iPhone|iPad/.test(userAgent)) return "iOS";
  if (/Android/.test(userAgent)) return "Android";
  if (/Mac OS X/.test(userAgent)) return "macOS";
  return /Windows/.test(userAgent) ? "Windows" : "other";
}

export function browserName(userAgent: string): string {
  if (/Edg\//.test(userAgent)) return "Edge";
  if (/Firefox\//.test(userAgent)) return "Firefox";
  if (/Chrome\//.test(userAgent)) return "Chrome";
  return /Safari\//.test(userAgent) ? "Safari" : "browser";
}
