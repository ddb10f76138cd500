import { type CalendarDate, parseDate, parseTime } from "@internationalized/date";
import type { ReactNode } from "react";
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  FieldError,
  Group,
  Heading,
  Label,
  Popover,
  TimeField as AriaTimeField,
} from "react-aria-components";

import styles from "./DateField.module.css";
import { CalendarDays, ChevronLeft, ChevronRight } from "./icons";
import { clockOf, endsParts } from "./typed-parts";

const parted = (field: HTMLElement | null) => (field ? endsParts(field) : undefined);

export interface DateFieldProps {
  label: string;
  labelHidden?: boolean;
  /** `2026-11-30` */
  day: string;
  onDay(day: string): void;
  /** None before it is offered. */
  first?: string | undefined;
  error?: ReactNode;
}

/** A day, typed part by part or taken from its month. */
export function DateField({ label, labelHidden = false, day, onDay, first, error }: DateFieldProps) {
  return (
    <DatePicker<CalendarDate>
      ref={parted}
      className={styles.field ?? ""}
      value={parseDate(day)}
      minValue={first === undefined ? undefined : parseDate(first)}
      validationBehavior="aria"
      isInvalid={Boolean(error)}
      onChange={(chosen) => chosen && onDay(chosen.toString())}
      shouldForceLeadingZeros={false}
    >
      <Label className={labelHidden ? "visually-hidden" : (styles.label ?? "")}>{label}</Label>
      <Group className={styles.box ?? ""}>
        <DateInput className={styles.input ?? ""}>
          {(segment) => <DateSegment segment={segment} className={styles.segment ?? ""} />}
        </DateInput>
        <Button className={styles.open ?? ""}>
          <CalendarDays size={18} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      </Group>
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
      <Popover className={styles.popover ?? ""} offset={4}>
        <Dialog className={styles.dialog ?? ""} aria-label={label}>
          <Month />
        </Dialog>
      </Popover>
    </DatePicker>
  );
}

function Month() {
  return (
    <Calendar>
      <header className={styles.head}>
        <Button slot="previous" className={styles.turn ?? ""}>
          <ChevronLeft size={18} strokeWidth={1.75} aria-hidden="true" />
        </Button>
        <Heading className={styles.month ?? ""} />
        <Button slot="next" className={styles.turn ?? ""}>
          <ChevronRight size={18} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      </header>
      <CalendarGrid weekdayStyle="short" className={styles.grid ?? ""}>
        <CalendarGridHeader>
          {(weekday) => <CalendarHeaderCell className={styles.weekday ?? ""}>{weekday}</CalendarHeaderCell>}
        </CalendarGridHeader>
        <CalendarGridBody>
          {(date) => <CalendarCell date={date} className={styles.day ?? ""} />}
        </CalendarGridBody>
      </CalendarGrid>
    </Calendar>
  );
}

export interface TimeFieldProps {
  label: string;
  /** `14:00` */
  clock: string;
  onClock(clock: string): void;
  error?: boolean;
}

/** A time of day, on the clock of the browser's region. */
export function TimeField({ label, clock, onClock, error = false }: TimeFieldProps) {
  return (
    <AriaTimeField
      ref={parted}
      className={styles.field ?? ""}
      aria-label={label}
      value={parseTime(clock)}
      hourCycle={hourCycle()}
      validationBehavior="aria"
      isInvalid={error}
      onChange={(chosen) => chosen && onClock(chosen.toString().slice(0, 5))}
    >
      <div
        role="presentation"
        className={styles.pasted}
        onPaste={(event) => {
          const pasted = clockOf(event.clipboardData.getData("text/plain").slice(0, 64));
          if (pasted) onClock(pasted);
        }}
      >
        <DateInput className={`${styles.box} ${styles.input}`}>
          {(segment) => <DateSegment segment={segment} className={styles.segment ?? ""} />}
        </DateInput>
      </div>
    </AriaTimeField>
  );
}

function hourCycle(): 12 | 24 {
  const { hour12 } = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions();
  return hour12 ? 12 : 24;
}
