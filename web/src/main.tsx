import "./ui/tokens.css";
import "./ui/base.css";

import { createRoot } from "react-dom/client";

import { App } from "./app";
import { activate } from "./i18n/i18n";
import { pickLocale } from "./i18n/languages";
import { LanguageProvider } from "./i18n/react";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

await activate(pickLocale(localStorage.getItem("folkmoot.language"), navigator.languages));
createRoot(root).render(
  <LanguageProvider>
    <App />
  </LanguageProvider>,
);
