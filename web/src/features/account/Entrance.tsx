/** What every page has on which one signs in, signs up or proves who one is: a column, its form, the ways round it. */
import type { FormEvent, ReactNode } from "react";
import { Link } from "wouter";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { ChevronRight } from "../../ui/icons";
import { TextField } from "../../ui/TextField";

import styles from "./account.module.css";

export interface EntranceProps {
  title: string;
  /** Where one is, or what this is for. */
  about: string;
  /** More than a name of a place. */
  isText?: boolean;
  children: ReactNode;
}

export function Entrance({ title, about, isText = false, children }: EntranceProps) {
  return (
    <section className={styles.column}>
      <h1 className={styles.title}>{title}</h1>
      <p className={isText ? styles.text : styles.where}>{about}</p>
      {children}
    </section>
  );
}

interface OtherWayProps {
  before?: string;
  href: string;
  children: string;
}

/** From signing in to signing up, and back. */
export function OtherWay({ before, href, children }: OtherWayProps) {
  return (
    <p className={styles.lines}>
      <span>
        {before && `${before} `}
        <Link className={styles.link} href={href}>
          {children}
        </Link>
      </span>
    </p>
  );
}

/** No account is needed to meet, and that stays in sight. */
export function WithoutAccount() {
  const t = useT();
  return (
    <Link className={styles.without} href="/">
      {t("account.without")}
      <ChevronRight size={16} aria-hidden="true" />
    </Link>
  );
}

interface EntranceFormProps {
  verb: string;
  busy: boolean;
  /** What belongs to no field. */
  trouble?: string | undefined;
  /** Another way stands above it, and is the first. */
  isSecond?: boolean;
  /** Below what went wrong. */
  note?: ReactNode;
  onSubmit(): void;
  children: ReactNode;
}

export function EntranceForm(props: EntranceFormProps) {
  const { verb, busy, trouble, isSecond = false, note, onSubmit, children } = props;
  function submit(event: FormEvent) {
    event.preventDefault();
    onSubmit();
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {children}
      {trouble && (
        <p className={styles.wrong} role="alert">
          {trouble}
        </p>
      )}
      {note}
      <Button look={isSecond ? "quiet" : "primary"} size={48} wide type="submit" isPending={busy}>
        {verb}
      </Button>
    </form>
  );
}

interface AddressFieldProps {
  value: string;
  onChange(address: string): void;
  error: string | undefined;
}

/** By which a browser knows whose password it keeps. */
export function AddressField(props: AddressFieldProps) {
  const t = useT();
  return (
    <TextField
      {...props}
      label={t("account.address")}
      type="email"
      autoComplete="username"
      inputMode="email"
    />
  );
}
