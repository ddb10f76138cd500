// What the page without a server does: it says in one's language what is the matter, and goes on as soon as there is one.
const TRY_EVERY_MS = 3000;
const page = document.documentElement;

function language() {
  try {
    const chosen = JSON.parse(localStorage.getItem("folkmoot.prefs") ?? "{}").language;
    if (chosen === "en" || chosen === "zh-CN") return chosen;
  } catch {
    // Without a storage the browser's own languages say it.
  }
  const spoken = navigator.languages.find((tag) => /^(zh|en)\b/i.test(tag)) ?? "en";
  return spoken.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

function say() {
  page.dataset.is = navigator.onLine ? "unanswered" : "offline";
}

/** The page itself is asked for, as the browser will: not whether something answers, but whether that does. */
async function goOn() {
  const answers = await fetch(location.pathname, {
    method: "HEAD",
    headers: { accept: "text/html" },
    cache: "no-store",
  }).then(
    ({ status }) => status < 500,
    () => false,
  );
  if (!answers) return;
  clearInterval(trying);
  // Asked for by its own address it has nothing to go back to.
  if (location.pathname === "/offline.html") location.replace("/");
  else location.reload();
}

page.lang = language();
say();
addEventListener("offline", say);
addEventListener("online", () => {
  say();
  void goOn();
});
for (const button of document.querySelectorAll("button")) button.addEventListener("click", () => void goOn());
const trying = setInterval(() => void goOn(), TRY_EVERY_MS);
