import { useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";

import { elsewhereOf } from "../core/own-name";
import { NotFound } from "../features/errors/NotFound";
import { Part } from "../ui/Part";

import { mainAddress } from "./main-address";
import { rowFor } from "./page";
import { PageFrame } from "./PageFrame";
import { routes } from "./table";

rowFor(routes, location.pathname)?.page.preload();

/** Whatever is neither home nor a meeting. By an organisation's own name most of it is at the server's own. */
export function Elsewhere() {
  const [here] = useLocation();
  const there = elsewhereOf(here, mainAddress());
  useEffect(() => {
    if (there !== null) location.replace(there + location.search + location.hash);
  }, [there]);
  if (there !== null) return <PageFrame>{null}</PageFrame>;
  return (
    <Switch>
      {routes.map(({ path, page }) => (
        <Route key={path} path={path}>
          {(params) => <Part of={page} props={{ params }} />}
        </Route>
      ))}
      <Route>
        <Nothing />
      </Route>
    </Switch>
  );
}

function Nothing() {
  const [, navigate] = useLocation();
  return (
    <PageFrame>
      <NotFound onHome={() => navigate("/")} />
    </PageFrame>
  );
}
