import { useState } from "react";

import { Chunk } from "../../core/chunk";
import { useT } from "../../i18n/react";
import { Part } from "../../ui/Part";

import dashboard from "./Dashboard.module.css";
import { Fold } from "./Fold";

const rows = new Chunk(async () => (await import("./OwnRows")).OwnRows);

/** What belongs to no one meeting, folded until it is wanted. */
export function Own() {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className={dashboard.section}>
      <h2>
        <Fold title={t("meetings.own")} isOpen={isOpen} onOpen={setOpen} />
      </h2>
      {isOpen && <Part of={rows} props={{}} />}
    </section>
  );
}
