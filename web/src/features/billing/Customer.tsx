import { type FormEvent, type ReactNode, useState } from "react";

import type { CustomerShown } from "../../core/api/billing-client";
import { countryOf } from "../../core/countries";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/TextArea";
import { TextField } from "../../ui/TextField";
import { useDeed } from "../../ui/asking";

import styles from "./billing.module.css";
import { Buttons } from "./Buttons";
import { type Shown, useBilling } from "./desk";
import { wordsOf } from "./trouble";

/** Who invoices go to. */
export function Customer({ page, onChanged }: Pick<Shown, "page" | "onChanged">) {
  const t = useT();
  const { owns } = useBilling();
  const [changing, setChanging] = useState(false);
  const { customer } = page;
  if (!customer && !page.subscription && page.quotes.length === 0) return null;
  return (
    <section aria-label={t("billing.customer")}>
      <h2>{t("billing.customer")}</h2>
      {customer ? <Address of={customer} /> : <p className={styles.quiet}>{t("billing.customer.none")}</p>}
      {owns && <Button onPress={() => setChanging(true)}>{t("billing.customer.change")}</Button>}
      {changing && (
        <Dialog title={t("billing.customer")} isOpen onOpenChange={(open) => !open && setChanging(false)}>
          <CustomerForm
            customer={customer}
            onClose={() => setChanging(false)}
            onKept={(kept) => {
              onChanged({ ...page, customer: kept });
              setChanging(false);
            }}
          />
        </Dialog>
      )}
    </section>
  );
}

export function Address({ of }: { of: CustomerShown }) {
  const locale = useLocale();
  return (
    <address className={styles.address} dir="auto">
      {[of.name, of.address, countryOf(of.country, locale), of.tax_number].filter(Boolean).join("\n")}
    </address>
  );
}

/** Nothing is ordered before somebody is there to send the invoice to. */
export function FirstWhoPays({
  page,
  onChanged,
  onClose,
  children,
}: Pick<Shown, "page" | "onChanged"> & { onClose(): void; children: ReactNode }) {
  const t = useT();
  if (page.customer) return children;
  return (
    <>
      <p>{t("billing.customer.first")}</p>
      <CustomerForm
        customer={null}
        onClose={onClose}
        onKept={(customer) => onChanged({ ...page, customer })}
      />
    </>
  );
}

interface CustomerFormProps {
  customer: CustomerShown | null;
  onKept(customer: CustomerShown): void;
  onClose(): void;
}

export function CustomerForm({ customer, onKept, onClose }: CustomerFormProps) {
  const t = useT();
  const { api, org } = useBilling();
  const deed = useDeed();
  const [name, setName] = useState(customer?.name ?? "");
  const [address, setAddress] = useState(customer?.address ?? "");
  const [country, setCountry] = useState(customer?.country ?? "");
  const [taxNumber, setTaxNumber] = useState(customer?.tax_number ?? "");

  async function submit(event: FormEvent) {
    event.preventDefault();
    const said = { name, address, country: country.trim(), tax_number: taxNumber };
    const done = await deed.run(() => api.sayCustomer(org, said));
    if (done) onKept(done.value);
  }

  const wrong = deed.trouble !== null && deed.trouble !== "gone" && deed.trouble.code === "billing.country";
  const words = wordsOf(t, deed.trouble);
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <TextField label={t("billing.customer.name")} value={name} onChange={setName} maxLength={200} />
      <TextArea label={t("billing.customer.address")} value={address} onChange={setAddress} maxLength={500} />
      <TextField
        label={t("billing.customer.country")}
        hint={t("billing.customer.country.hint")}
        value={country}
        onChange={setCountry}
        maxLength={2}
        error={wrong ? words : undefined}
      />
      <TextField label={t("billing.customer.tax")} value={taxNumber} onChange={setTaxNumber} maxLength={32} />
      {words && !wrong && <p className={styles.error}>{words}</p>}
      <Buttons onClose={onClose}>
        <Button
          type="submit"
          look="primary"
          isDisabled={deed.busy || !name.trim() || !address.trim() || !country.trim()}
        >
          {t("billing.customer.keep")}
        </Button>
      </Buttons>
    </form>
  );
}
