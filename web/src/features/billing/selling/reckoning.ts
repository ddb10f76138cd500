/** What money that comes, goes or is taken back comes to, before it is said. Pure, in whole minor units; the server decides. */
import type { CustomerPage, DocumentLooked, Period } from "../../../core/api/selling-client";

/** A rate of 20 % is 2000. */
const WHOLE = 10_000n;

/** What a payment does to an invoice. `over` is the customer's. */
export function paying(left: number, amount: number) {
  return { stays: Math.max(0, left - amount), over: Math.max(0, amount - left) };
}

export type Through = "provider" | "bank";

/** That can go back that way: by bank all that they have with us, by the provider as much of it as came through it. */
export function mostBack(
  page: Pick<CustomerPage, "credit" | "refundable">,
  through: Through,
  currency: string,
): number {
  const from = through === "provider" ? page.refundable : page.credit;
  return from.find((one) => one.currency === currency)?.amount ?? 0;
}

/**
 * A credit note takes its tax back at the invoice's own rate; all of them together take it back to the unit.
 * @param net so much less, before tax
 */
export function correcting(
  of: Pick<DocumentLooked, "net" | "tax_rate" | "correctable" | "left">,
  net: number,
) {
  const before = of.net - of.correctable;
  const tax = taxOf(before + net, of.tax_rate) - taxOf(before, of.tax_rate);
  const total = net + tax;
  return { tax, total, stays: Math.max(0, of.left - total), theirs: Math.max(0, total - of.left) };
}

/** Half away from zero, of amounts from 0 on. */
function taxOf(net: number, rate: number): number {
  return Number((2n * BigInt(net) * BigInt(rate) + WHOLE) / (2n * WHOLE));
}

/** What a contract asks for in a period, and over its term. */
export function offering(seats: number, seat: number, period: Period, months: number) {
  const price = seats * seat;
  return { price, whole: price * (months / (period === "year" ? 12 : 1)) };
}

/** The last day of so many months from a day on. */
export function endOf(starts: string, months: number): string {
  const [year = 0, month = 1, day = 1] = starts.split("-").map(Number);
  const longest = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const end = new Date(Date.UTC(year, month - 1 + months, Math.min(day, longest) - 1));
  return end.toISOString().slice(0, 10);
}

/** So many days after one. */
export function daysAfter(day: string, many: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + many * 86_400_000).toISOString().slice(0, 10);
}
