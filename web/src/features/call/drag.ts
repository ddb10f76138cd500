import { type PointerEvent, useRef } from "react";

import type { Corner } from "../../core/layout/arrange";

interface Drag {
  onPointerDown(event: PointerEvent<HTMLElement>): void;
  onPointerMove(event: PointerEvent<HTMLElement>): void;
  onPointerUp(event: PointerEvent<HTMLElement>): void;
  onPointerCancel(event: PointerEvent<HTMLElement>): void;
}

/** One's own floating picture follows the finger and settles in the corner nearest to where it was let go. */
export function useDrag(onCorner: (corner: Corner) => void): Drag {
  const from = useRef<{ x: number; y: number }>(undefined);
  const end = (element: HTMLElement): void => {
    from.current = undefined;
    element.style.translate = "";
  };
  return {
    onPointerDown(event) {
      if (event.button !== 0) return;
      from.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove({ currentTarget, clientX, clientY }) {
      if (!from.current) return;
      currentTarget.style.translate = `${clientX - from.current.x}px ${clientY - from.current.y}px`;
    },
    onPointerUp({ currentTarget }) {
      if (!from.current) return;
      const stage = currentTarget.offsetParent?.getBoundingClientRect();
      if (stage) onCorner(cornerOf(currentTarget.getBoundingClientRect(), stage));
      end(currentTarget);
    },
    onPointerCancel: ({ currentTarget }) => end(currentTarget),
  };
}

export function cornerOf(tile: DOMRect, stage: DOMRect): Corner {
  const isTop = tile.y + tile.height / 2 < stage.y + stage.height / 2;
  const isLeft = tile.x + tile.width / 2 < stage.x + stage.width / 2;
  return `${isTop ? "top" : "bottom"}-${isLeft ? "left" : "right"}`;
}

const around: readonly Corner[] = ["bottom-right", "bottom-left", "top-left", "top-right"];

/** For the keyboard: Enter moves it on by one corner. */
export function nextCorner(corner: Corner): Corner {
  return around[(around.indexOf(corner) + 1) % around.length] ?? "bottom-right";
}
