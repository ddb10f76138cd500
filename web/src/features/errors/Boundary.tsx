import { Component, type ReactNode } from "react";

import { Crashed } from "./pages";

/** P3: what throws while rendering ends here, in words, and goes nowhere else. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    // The link's secret must not travel with a bug report.
    const details = `${error.name}: ${error.message}\n${error.stack ?? ""}\n${location.pathname}\n${navigator.userAgent}`;
    return <Crashed details={details} onReload={() => location.reload()} />;
  }
}
