import { Route, Switch, useLocation } from "wouter";

import { NotFound } from "../features/errors/NotFound";
import { Part } from "../ui/Part";

import { rowFor } from "./page";
import { PageFrame } from "./PageFrame";
import { routes } from "./table";

rowFor(routes, location.pathname)?.page.preload();

/** Whatever is neither home nor a meeting. */
export function Elsewhere() {
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
