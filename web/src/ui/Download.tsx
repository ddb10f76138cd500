import type { MouseEvent, ReactNode } from "react";

interface DownloadProps {
  href: string;
  /** What the file is called, where the server doesn't say. */
  name?: string;
  className?: string | undefined;
  label?: string;
  /** Where somebody has to show first that it is still them. */
  ready?: (() => Promise<boolean>) | undefined;
  children: ReactNode;
}

/** A file to keep. A browser that is sent there can be told nothing in words: what may be refused is asked before. */
export function Download({ href, name = "", className, label, ready, children }: DownloadProps) {
  async function take(event: MouseEvent<HTMLAnchorElement>) {
    if (!ready || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!(await ready())) return;
    const link = Object.assign(document.createElement("a"), { href, download: name });
    document.body.append(link);
    link.click();
    link.remove();
  }
  return (
    <a
      href={href}
      download={name}
      className={className}
      aria-label={label}
      onClick={(event) => void take(event)}
    >
      {children}
    </a>
  );
}
