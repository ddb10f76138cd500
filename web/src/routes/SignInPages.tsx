/** Pages before one is signed in. Secrets of links are in the fragment, which goes to no server and leaves the address at once. */
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { Redirect, useLocation } from "wouter";

import type { AccountShown, ProviderShown, Way } from "../core/api/accounts-client";
import { DeskProvider, Help, NewPassword, SetUp, SignIn, SignUp, Verify } from "../features/account/account";
import { ServerDown } from "../features/errors/pages";
import { useT } from "../i18n/react";
import { showToast } from "../ui/Toast";
import { useStore } from "../ui/use-store";

import { backOf, deskOf, nextWith } from "./account-desk";
import { PageFrame } from "./PageFrame";
import { clock, me } from "./ports";

/** How one signs up here; null until the server has said, undefined when it doesn't answer. */
function useWay(): [Way | null | undefined, () => void] {
  const [way, setWay] = useState<Way | null | undefined>(null);
  const ask = (): void => {
    void deskOf(() => undefined)
      .api.way()
      .then((answer) => setWay(answer.kind === "ok" ? answer.value : undefined));
  };
  useEffect(ask, []);
  return [way, ask];
}

interface FramedProps {
  titleId:
    | "account.signIn.title"
    | "account.signUp.title"
    | "account.help.title"
    | "account.setUp.title"
    | "account.verify.title"
    | "account.reset.title";
  children: ReactNode;
}

function Framed({ titleId, children }: FramedProps) {
  const t = useT();
  const [, navigate] = useLocation();
  const desk = useMemo(() => deskOf(navigate), [navigate]);
  return (
    <PageFrame title={t(titleId)}>
      <DeskProvider value={desk}>{children}</DeskProvider>
    </PageFrame>
  );
}

/** Needs to know how one signs up here first. */
function Asking({ titleId, children }: { titleId: FramedProps["titleId"]; children(way: Way): ReactNode }) {
  const [way, ask] = useWay();
  return (
    <Framed titleId={titleId}>
      {way === undefined ? <ServerDown lastTry={clock.now()} onRetry={ask} /> : way && children(way)}
    </Framed>
  );
}

function useEntering(): (account: AccountShown) => void {
  const [, navigate] = useLocation();
  return (account) => {
    me.is(account);
    navigate(nextWith(location.search, location.hash), { replace: true });
  };
}

/** Once read it is out of the address, of the history, and of what is shown to who looks over a shoulder. */
function useToken(): string {
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (token) history.replaceState(history.state, "", location.pathname + location.search);
  }, [token]);
  return token;
}

function useProviders(): readonly ProviderShown[] {
  const [providers, setProviders] = useState<readonly ProviderShown[]>([]);
  useEffect(() => {
    void deskOf(() => undefined)
      .api.providers()
      .then((answer) => answer.kind === "ok" && setProviders(answer.value));
  }, []);
  return providers;
}

export function SignInRoute() {
  const who = useStore(me);
  const providers = useProviders();
  const [way] = useWay();
  const enter = useEntering();
  useEffect(() => me.ask(), []);
  if (who.at === "in") return <Redirect to={nextWith(location.search, location.hash)} replace />;
  return (
    <Framed titleId="account.signIn.title">
      <SignIn way={way ?? null} providers={providers} back={backOf(location.search)} onIn={enter} />
    </Framed>
  );
}

export function SignUpRoute() {
  const enter = useEntering();
  return <Asking titleId="account.signUp.title">{(way) => <SignUp way={way} onIn={enter} />}</Asking>;
}

export function HelpRoute() {
  return <Asking titleId="account.help.title">{(way) => <Help way={way} />}</Asking>;
}

export function SetUpRoute() {
  const enter = useEntering();
  const token = useToken();
  return (
    <Asking titleId="account.setUp.title">{(way) => <SetUp way={way} token={token} onIn={enter} />}</Asking>
  );
}

export function VerifyRoute() {
  const enter = useEntering();
  return (
    <Framed titleId="account.verify.title">
      <Verify token={useToken()} onIn={enter} />
    </Framed>
  );
}

export function ResetRoute() {
  const t = useT();
  const [, navigate] = useLocation();
  function done() {
    showToast({ text: t("account.reset.done") });
    navigate("/signin");
  }
  const token = useToken();
  return (
    <Asking titleId="account.reset.title">
      {({ mail }) => <NewPassword token={token} mail={mail} onDone={done} />}
    </Asking>
  );
}
