/** Why a payment failed, as far as it has words here. Pure. */
const known = ["insufficient_funds", "expired_card", "authentication_required", "resource_missing"] as const;

/** By the provider's own word; what it says besides is that the bank declined. */
export function wordFor(why: string): (typeof known)[number] | "other" {
  return known.find((one) => one === why) ?? "other";
}
