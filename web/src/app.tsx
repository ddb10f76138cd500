import { Route, Switch, useLocation } from "wouter";

import { readSecret } from "./core/invitation/parse";
import { Boundary } from "./features/errors/Boundary";
import { NotFound } from "./features/errors/pages";
import { Frame } from "./routes/Frame";
import { HomePage } from "./routes/HomePage";
import { MeetingPage } from "./routes/MeetingPage";
import { LiveRegions } from "./ui/live";
import { ToastRegion } from "./ui/Toast";

/** The page shell: two live regions and one toast, always there, and the route between them. */
export function App() {
  return (
    <>
      <Boundary>
        <Switch>
          <Route path="/">
            <HomePage />
          </Route>
          <Route path="/m/:number">{({ number }) => <Meeting number={number} />}</Route>
          <Route>
            <Nothing />
          </Route>
        </Switch>
        <ToastRegion />
      </Boundary>
      <LiveRegions />
    </>
  );
}

/** Another meeting is another journey. The secret is read once; it stays in the address bar and goes nowhere. */
function Meeting({ number }: { number: string }) {
  const secret = readSecret(location.hash);
  return <MeetingPage key={`${number} ${secret ?? ""}`} number={number} secret={secret} />;
}

function Nothing() {
  const [, navigate] = useLocation();
  return (
    <Frame>
      <NotFound onHome={() => navigate("/")} />
    </Frame>
  );
}
