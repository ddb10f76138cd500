import "./ui/tokens.css";
import "./ui/base.css";

import { startTransition } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app";
import { activate } from "./i18n/i18n";
import { pickLocale } from "./i18n/languages";
import { LanguageProvider } from "./i18n/react";
import { prefs } from "./routes/ports";
import { preload } from "./routes/first";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

// The page of this address is on its way while its words are; one round trip, not two.
preload(location.pathname);
await activate(pickLocale(prefs.get().language, navigator.languages));
// In pieces: a slow laptop answers its owner between them.
startTransition(() =>
  createRoot(root).render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
  ),
);

// Its own window, and what it shows without a server: after everything that somebody waits for.
const program = (): void => void import("./routes/program").catch(() => undefined);
if (document.readyState === "complete") program();
else addEventListener("load", program);
