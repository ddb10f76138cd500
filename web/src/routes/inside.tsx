import { type ReactNode, useEffect } from "react";
import { Redirect, useLocation } from "wouter";

import type { AccountShown } from "../core/api/accounts";
import { Chunk } from "../core/chunk";
import { ServerDown } from "../features/errors/pages";
import { Frame, type Place } from "../features/frame/frame";
import { openCatalog } from "../i18n/i18n";
import { SignedIn } from "../ui/account";
import { Part } from "../ui/Part";
import { useStore } from "../ui/use-store";

import { AnnouncedAround, hear } from "./announced";
import { PageFrame } from "./PageFrame";
import { call, clock, me } from "./ports";

/** What the header names, in this order. A new page is a row here and a word in features/frame. */
const places: readonly Place[] = [
  { path: "/", word: "meetings" },
  { path: "/org", word: "organisation" },
];
/** For who runs the server. */
const governing: readonly Place[] = [...places, { path: "/operator/overview", word: "server" }];

/** Around every page of who is signed in (`page.ts`). */
export function Inside({ children }: { children?: ReactNode }) {
  const who = useStore(me);
  const [path, navigate] = useLocation();
  const isHome = path === "/";
  useEffect(() => me.ask(), []);
  useEffect(() => {
    if (isHome) void hear(); // beside the account, so that nobody waits for one after the other
  }, [isHome]);
  switch (who.at) {
    case "in":
    case "lost":
      return (
        <SignedIn value={who.account}>
          <Frame
            account={who.account}
            places={who.account.operator ? governing : places}
            path={path}
            onGo={navigate}
            onSignOut={() => void signOut(navigate)}
          >
            {isHome ? <AnnouncedAround>{children}</AnnouncedAround> : children}
          </Frame>
          <Part of={rings} props={{}} />
          {who.at === "lost" && <Part of={signedOut} props={{ onIn: enterAgain(who.account.id) }} />}
        </SignedIn>
      );
    case "out":
      return <Redirect to={signInFirst(path)} replace />;
    case "unreachable":
      return (
        <PageFrame>
          <ServerDown lastTry={clock.now()} onRetry={() => void me.refresh()} />
        </PageFrame>
      );
    case "unknown":
      return <PageFrame>{null}</PageFrame>;
  }
}

/** Whoever is signed in can be rung. */
const rings = new Chunk(async () => {
  const [{ Rings }] = await Promise.all([import("./rings"), openCatalog("calendar")]);
  return Rings;
});

/** A3, fetched when it happens. */
const signedOut = new Chunk(async () => {
  const [{ SignedOutRoute }] = await Promise.all([import("./SignedOutPage"), openCatalog("account")]);
  return SignedOutRoute;
});

/** Whoever comes as somebody else begins anew: what is on the page isn't theirs. */
function enterAgain(before: string) {
  return (account: AccountShown) => {
    if (account.id === before) me.is(account);
    else location.assign("/");
  };
}

/** And back to where one was. */
export function signInFirst(path: string): string {
  return path === "/" ? "/signin" : `/signin?next=${encodeURIComponent(path)}`;
}

async function signOut(navigate: (path: string) => void): Promise<void> {
  await call("POST", "/api/signout", "nothing");
  navigate("/");
  me.is(null);
}
