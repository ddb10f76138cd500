import { Button } from "react-aria-components";

import type { Rect } from "../../core/layout/tiles";
import { useT } from "../../i18n/react";
import { ChevronLeft, ChevronRight } from "../../ui/icons";

import styles from "./Stage.module.css";

interface PagerProps {
  rect: Rect;
  page: number;
  pages: number;
  onTurn(page: number): void;
}

export function Pager({ rect, page, pages, onTurn }: PagerProps) {
  const t = useT();
  return (
    <nav
      className={styles.pager}
      aria-label={t("call.stage.pages")}
      style={{ transform: `translate(${rect.x}px, ${rect.y}px)`, width: rect.width, height: rect.height }}
    >
      <Button
        aria-label={t("call.keys.previous_page")}
        isDisabled={page === 0}
        onPress={() => onTurn(page - 1)}
      >
        <ChevronLeft size={16} />
      </Button>
      <span>{t("call.stage.page", { page: page + 1, pages })}</span>
      <Button
        aria-label={t("call.keys.next_page")}
        isDisabled={page === pages - 1}
        onPress={() => onTurn(page + 1)}
      >
        <ChevronRight size={16} />
      </Button>
    </nav>
  );
}
