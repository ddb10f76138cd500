/**
 * The part of the page that is in sight. A phone's keyboard lies over the page and tells nobody but the visual
 * viewport; what must stay on screen is laid out in what is left.
 */
import { useEffect } from "react";

export function useSeenHeight(): void {
  useEffect(() => {
    const seen = window.visualViewport;
    if (!seen) return undefined;
    const { style } = document.documentElement;
    const measure = (): void => {
      // Whoever zooms in by hand looks at a part, and the page stays as it is.
      const isWhole = seen.scale < 1.01;
      set("--seen-height", isWhole ? `${seen.height}px` : null);
      set("--seen-top", isWhole ? `${seen.offsetTop}px` : null);
    };
    const set = (name: string, value: string | null): void =>
      value === null ? void style.removeProperty(name) : style.setProperty(name, value);
    measure();
    seen.addEventListener("resize", measure);
    seen.addEventListener("scroll", measure);
    return () => {
      seen.removeEventListener("resize", measure);
      seen.removeEventListener("scroll", measure);
      set("--seen-height", null);
      set("--seen-top", null);
    };
  }, []);
}
