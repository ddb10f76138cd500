import { createContext, memo, useCallback, useContext, useMemo, useState } from "react";
import { Button } from "react-aria-components";

import type { Alike } from "../../core/meeting/alike";
import type { Present } from "../../core/meeting/present";
import { useLocale, useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Fault } from "../../ui/Fault";
import { Bot, ChevronDown, ChevronRight, Ellipsis, Mic, MicOff } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { useMay, usePeople, useRoom, useSheet } from "../../ui/room/context";
import { ordered } from "../../ui/room/feature";
import { useCopyInvitation } from "../../ui/room/invitation";
import { usePersonActions } from "../../ui/room/person";
import { useMedia } from "../../ui/room/form";
import { useWindowed } from "../../ui/windowed";

import styles from "./people.module.css";
import { sections } from "./sections";

const Names = createContext<Alike>({ doubled: new Set(), likeHost: new Set() });

export function PeoplePanel() {
  const t = useT();
  const locale = useLocale();
  const people = usePeople();
  const { features } = useRoom();
  const copyInvitation = useCopyInvitation();
  const { setOpen: setInviteOpen } = useSheet("invite");
  const isHost = useMay("host");
  const all = useMemo(() => sections(people, locale), [people, locale]);
  const { hosts, members, guests, services } = all;
  return (
    <Names value={all}>
      <div className={styles.head}>
        <h2>{t("people.head", { count: people.length - services.length, services: services.length })}</h2>
        <span className={styles.space} />
        <Button className={styles.link ?? ""} onPress={copyInvitation}>
          {t("people.invite")}
        </Button>
        {isHost && (
          <Button className={styles.link ?? ""} onPress={() => setInviteOpen(true)}>
            {t("people.links")}
          </Button>
        )}
      </div>
      <div className={styles.list} data-scrolls="">
        {people.length === 1 && <p className={styles.alone}>{t("people.alone")}</p>}
        {ordered(features, ({ peopleSection }) => peopleSection).map(({ order, Part }) => (
          <Fault key={order}>
            <Part Rows={Rows} />
          </Fault>
        ))}
        <Fold title={t("people.hosts")} people={hosts} />
        <Fold title={t("people.members")} people={members} />
        <Fold title={t("people.guests")} people={guests} />
      </div>
      {services.length > 0 && (
        <section className={styles.services} aria-label={t("people.services")}>
          <h3>
            {t("people.services")} <span>{services.length}</span>
          </h3>
          <ul>
            {services.map((person) => (
              <li key={person.id} className={styles.row}>
                <Row person={person} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </Names>
  );
}

function Fold({ title, people }: { title: string; people: readonly Present[] }) {
  const [isOpen, setOpen] = useState(true);
  if (people.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>
        <Button className={styles.fold ?? ""} aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {title} <span>{people.length}</span>
          {isOpen ? (
            <ChevronDown size={16} aria-hidden="true" />
          ) : (
            <ChevronRight size={16} aria-hidden="true" />
          )}
        </Button>
      </h3>
      {isOpen && <Rows people={people} />}
    </section>
  );
}

const ROW_PX = 40;
const TOUCHED_ROW_PX = 48;

function Rows({ people }: { people: readonly Present[] }) {
  const rowHeight = useMedia("(max-width: 599px)") ? TOUCHED_ROW_PX : ROW_PX;
  const keys = useMemo(() => people.map(({ id }) => id), [people]);
  const heightOf = useCallback(() => rowHeight, [rowHeight]);
  const { box, height, rows } = useWindowed(keys, heightOf, "list");
  return (
    <ul ref={box} className={styles.rows} style={{ height }}>
      {rows.map(({ index, top }) => {
        const person = people[index];
        return (
          person && (
            <li
              key={person.id}
              className={styles.row}
              style={{ top, height: rowHeight }}
              data-row={person.id}
              aria-setsize={people.length}
              aria-posinset={index + 1}
            >
              <Row person={person} />
            </li>
          )
        );
      })}
    </ul>
  );
}

const Row = memo(function Row({ person }: { person: Present }) {
  const t = useT();
  const { features } = useRoom();
  const alike = useContext(Names);
  const isService = person.role === "service";
  return (
    <>
      {isService ? (
        <span className={styles.bot} aria-hidden="true">
          <Bot size={16} />
        </span>
      ) : (
        <Avatar id={person.id} name={person.name} picture={person.picture} size={28} />
      )}
      <span className={styles.name}>
        <bdi>{person.self ? t("people.self", { name: person.name }) : person.name}</bdi>
        {isService && <small>{t("people.service.hears")}</small>}
      </span>
      <KindChip person={person} />
      {(person.role === "owner" || person.role === "cohost") && (
        <span className={styles.chip}>{t(`people.${person.role}`)}</span>
      )}
      {alike.doubled.has(person.id) && (
        <span className={styles.chip}>
          {t(alike.likeHost.has(person.id) ? "people.like_host" : "people.doubled")}
        </span>
      )}
      <span className={styles.space} />
      {features.map(
        ({ name, RowMark }) =>
          RowMark && (
            <Fault key={name}>
              <RowMark person={person} />
            </Fault>
          ),
      )}
      {!isService && (
        <span
          className={styles.sound}
          role="img"
          aria-label={t(person.microphone === "live" ? "people.unmuted" : "people.muted")}
        >
          {person.microphone === "live" ? (
            <Mic size={18} strokeWidth={1.75} />
          ) : (
            <MicOff size={18} strokeWidth={1.75} />
          )}
        </span>
      )}
      <RowMenu person={person} />
    </>
  );
});

/** Of members nothing is said; everybody else is told apart by a word. */
function KindChip({ person: { role, kind, org = "", self } }: { person: Present }) {
  const t = useT();
  if (self || role === "service") return null;
  if (kind === "outsider")
    return (
      <span className={styles.chip}>{t("people.outsider", { known: org === "" ? "no" : "yes", org })}</span>
    );
  const isGuest = role === "guest" && kind !== "member";
  return isGuest && <span className={styles.chip}>{t("people.guest")}</span>;
}

function RowMenu({ person }: { person: Present }) {
  const t = useT();
  const actions = usePersonActions(person);
  if (actions.length === 0) return <span className={styles.noMenu} />;
  const label = t("people.more", { name: person.name });
  return (
    <MenuTrigger>
      <Button className={styles.more ?? ""} aria-label={label}>
        <Ellipsis size={18} />
      </Button>
      <Popover placement="bottom end">
        <Menu aria-label={label} onAction={(id) => actions.find((action) => action.id === id)?.run()}>
          {actions.map(({ id, label: words, icon, tone = "normal" }) => (
            <MenuItem key={id} id={id} icon={icon} tone={tone} textValue={words}>
              {words}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
