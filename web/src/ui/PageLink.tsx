import type { ReactNode } from "react";

interface PageLinkProps {
  to: string;
  go(path: string): void;
  className?: string | undefined;
  dir?: "auto" | undefined;
  children: ReactNode;
}

/** To another page of ours, without loading it anew; with a key held down, as the browser does it. */
export function PageLink({ to, go, className, dir, children }: PageLinkProps) {
  return (
    <a
      href={to}
      className={className}
      dir={dir}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
