import {
  type InputHTMLAttributes,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";

import { isImeKey } from "../core/keyboard";

import combo from "./ComboBox.module.css";
import styles from "./Lookup.module.css";
import list from "./Select.module.css";

export interface Found {
  id: string;
  word: string;
  hint?: string | undefined;
}

export interface LookupProps {
  label: string;
  labelHidden?: boolean;
  typed: string;
  onTyped(typed: string): void;
  /** Asks elsewhere who fits; nothing where that fails. */
  find(typed: string): Promise<readonly Found[]>;
  onFound(found: Found): void;
  /** Said where nobody fits. Left out: nothing is shown then, because what was typed may be enough. */
  nothing?: string;
  /** What else the field does. Its keys are asked when the list wants none of them. */
  input?: Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "className">;
  inputRef?: Ref<HTMLInputElement>;
  inputClass?: string | undefined;
}

/** So long nothing more was typed before it is asked for. */
const PAUSE_MS = 150;

/**
 * A field that says who fits what is typed, of so many that the server has to look. Written by hand: the library's own opens its list
 * when something is typed, and here it opens when an answer comes; until then nothing of the page may be hidden from anybody.
 */
export function Lookup(props: LookupProps) {
  const { label, labelHidden = false, typed, onTyped, onFound, nothing, input, inputRef, inputClass } = props;
  const id = useId();
  const { found, isAnswered } = useFound(typed, props.find);
  const [at, setAt] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const isShown = isOpen && (found.length > 0 || (nothing !== undefined && isAnswered));
  const here = isShown ? found[at] : undefined;

  function take(one: Found): void {
    setOpen(false);
    setAt(-1);
    onFound(one);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (isImeKey(event.nativeEvent)) return;
    const next = isShown ? moved(event.key, at, found.length) : undefined;
    if (next !== undefined) setAt(next);
    else if (event.key === "Enter" && here) take(here);
    else if (event.key === "Escape" && isShown) setOpen(false);
    else return void input?.onKeyDown?.(event);
    event.preventDefault();
    // What holds the field would close with it.
    event.stopPropagation();
  }

  return (
    <div className={styles.lookup}>
      <label htmlFor={id} className={labelHidden ? "visually-hidden" : list.label}>
        {label}
      </label>
      <input
        {...input}
        ref={inputRef}
        id={id}
        className={inputClass ?? combo.input}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={isShown ? `${id}-list` : undefined}
        aria-activedescendant={here && `${id}-${here.id}`}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setOpen(true);
          setAt(-1);
          if (input?.onChange) input.onChange(event);
          else onTyped(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={(event) => {
          setOpen(false);
          input?.onBlur?.(event);
        }}
      />
      {isShown && (
        <div className={`${list.popover ?? ""} ${styles.list ?? ""}`}>
          <div id={`${id}-list`} role="listbox" aria-label={label} className={list.list}>
            {found.map((one, place) => (
              // The field keeps the focus, its keys choose here.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={one.id}
                id={`${id}-${one.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={place === at}
                className={list.item}
                data-focused={place === at || undefined}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(one)}
              >
                <span className={list.word}>
                  <bdi>{one.word}</bdi>
                </span>
                {one.hint !== undefined && <span className={list.meaning}>{one.hint}</span>}
              </div>
            ))}
          </div>
          {found.length === 0 && <p className={combo.nothing}>{nothing}</p>}
        </div>
      )}
      <p className="visually-hidden" role="status">
        {isShown && found.length === 0 && nothing}
      </p>
    </div>
  );
}

/** Where a key leads in a list of so many; undefined: nowhere. */
function moved(key: string, at: number, many: number): number | undefined {
  if (many === 0) return undefined;
  if (key === "ArrowDown") return (at + 1) % many;
  if (key === "ArrowUp") return at <= 0 ? many - 1 : at - 1;
  return undefined;
}

/** Of the newest question alone, and only after a pause. */
function useFound(typed: string, find: LookupProps["find"]) {
  const [answer, setAnswer] = useState<{ asked: string; found: readonly Found[] }>({ asked: "", found: [] });
  const asked = typed.trim();
  const newest = useRef(0);
  useEffect(() => {
    const mine = ++newest.current;
    if (asked === "") return undefined;
    const timer = setTimeout(() => {
      void (async () => {
        const found = await find(asked);
        if (mine === newest.current) setAnswer({ asked, found });
      })();
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [asked, find]);
  // What is older stays in sight until there is something newer, but for an empty field.
  return { found: asked === "" ? [] : answer.found, isAnswered: asked !== "" && answer.asked === asked };
}
