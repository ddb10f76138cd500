/** What the page is as a program of its own: shown without a server, and no older than its server. Fetched when all is drawn. */
import { createNewer } from "../core/newer";
import { ownScript } from "../core/trusted";

import { clock, isSecure } from "./ports";

/** A frame in another's page is no program, and a browser may refuse: then there is the browser's own page. */
function standBy(): void {
  if (!isSecure || window.top !== window || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(ownScript("/offline.js")).catch(() => undefined);
}

function stayNew(): void {
  const look = createNewer({
    now: clock.now,
    fetchPage,
    scripts: [...document.querySelectorAll('script[type="module"][src]')].map(
      (script) => script.getAttribute("src") ?? "",
    ),
    isIdle,
    reload: () => location.reload(),
  });
  document.addEventListener("visibilitychange", () => void look());
}

async function fetchPage(): Promise<string> {
  const answer = await fetch("/", { headers: { accept: "text/html" }, cache: "no-cache" });
  if (!answer.ok) throw new Error("no page");
  return answer.text();
}

function isIdle(): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement>("input, textarea")];
  const isOpen = document.querySelector("[role=dialog]") !== null;
  return !location.pathname.startsWith("/m/") && !isOpen && fields.every(({ value }) => value === "");
}

standBy();
stayNew();
