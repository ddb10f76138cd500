import { Route, Switch } from "wouter";

import { LiveRegions } from "./ui/live";

export function App() {
  return (
    <>
      <Switch>
        <Route>Folkmoot</Route>
      </Switch>
      <LiveRegions />
    </>
  );
}
