import { useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";

import { Boundary } from "./features/errors/Boundary";
import { NotFound } from "./features/errors/pages";
import { PageFrame } from "./routes/PageFrame";
import { routes } from "./routes/table";
import { AlwaysSeen } from "./ui/full-screen";
import { passEscapeOn } from "./ui/layers";
import { LiveRegions } from "./ui/live";
import { Part } from "./ui/Part";
import { ToastRegion } from "./ui/Toast";

/** The page shell: two live regions and one toast, always there, and the route between them. */
export function App() {
  useEffect(passEscapeOn, []);
  return (
    <>
      <Boundary>
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
      </Boundary>
      <AlwaysSeen>
        <ToastRegion />
      </AlwaysSeen>
      <LiveRegions />
    </>
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
