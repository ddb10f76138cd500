import { useEffect } from "react";
import { Route, Switch } from "wouter";

import { Boundary } from "./features/errors/Boundary";
import { elsewhere, first } from "./routes/first";
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
          {first.map(({ path, page }) => (
            <Route key={path} path={path}>
              {(params) => <Part of={page} props={{ params }} />}
            </Route>
          ))}
          <Route>
            <Part of={elsewhere} props={{}} />
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
