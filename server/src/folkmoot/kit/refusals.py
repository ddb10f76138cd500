"""Every way in which this server says no to somebody: code, sentence, HTTP status where it has one, what params it carries.

Law: no code is said that isn't here, or in the `refusals` of the capability whose name it begins with; a code once given
keeps its meaning. The sentence is for a developer and says what to do; pages word their own, in the reader's language.
`docs/reference/refusals.md` and the page's types are generated from this (`python -m tools.refusals`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Meaning:
    sentence: str
    status: int | None = None
    """None: it is said on the channel alone."""
    params: Mapping[str, type] = field(default_factory=dict)


LINE: Mapping[str, type] = {"line": int, "field": str}
WAIT: Mapping[str, type] = {"retry_after_s": float}

CATALOGUE: Mapping[str, Meaning] = {
    # --- the request itself ---
    "request.invalid": Meaning(
        "The request can't be understood: `where` names the field. Send what the API describes.",
        422,
        {"where": str},
    ),
    "request.head_too_large": Meaning("Headers and address are too long together. Send fewer or shorter ones.", 431),
    "request.too_slow": Meaning("The request didn't arrive in time. Send it again, whole.", 408),
    "server.too_many_sockets": Meaning(
        "This server has as many connections open as it can bear. Come back in a while.",
        503,
        WAIT,
    ),
    "address.too_many_sockets": Meaning(
        "This address has as many connections open as one may have. Close some, or come back in a while.", 429, WAIT
    ),
    "server.too_many_rooms": Meaning(
        "This server has as many rooms open as it can bear. Come back in a while.", 503, WAIT
    ),
    "server.full": Meaning(
        "This server has as many people in its rooms as it can bear. Come back in a while.", 503, WAIT
    ),
    "http.400": Meaning("This isn't HTTP as this server speaks it.", 400),
    "http.404": Meaning("There is nothing at this address.", 404),
    "http.405": Meaning("This address doesn't take that method.", 405),
    "http.413": Meaning("The request is too large. Send less at once.", 413),
    "internal": Meaning("Something went wrong here, and it was noted. Try again; if it stays, tell the operator.", 500),
    # --- at a meeting's door ---
    "meeting.closed_door": Meaning(
        "This link can't let you in right now: it may be wrong, locked or over. Ask the host for a new one.", 404
    ),
    "meeting.no_match": Meaning("That number and passcode don't match a meeting. Check both.", 403),
    "meeting.too_many_tries": Meaning(
        "Too many tries. Wait, or ask the host for a link.", 429, WAIT
    ),
    "meeting.too_many_made": Meaning("Too many meetings were made from here. Wait that long.", 429, WAIT),
    "meeting.too_many_running": Meaning(
        "This server has as many meetings running as it can bear. Come back in a while.", 503, WAIT
    ),
    "meeting.at_once": Meaning(
        "As many meetings take place at once as the organiser's plan allows. End one, or come back when one is over.",
        409, {"most": int, **WAIT},
    ),
    "device.invalid": Meaning("A device is 16 to 32 random bytes in base64url. Draw them once for each meeting.", 422),
    "name.invalid": Meaning("A name is one line of 1 to 64 visible characters. Choose another.", 422),
    "title.invalid": Meaning("A title is one line of visible characters. Choose another.", 422),
    "admission.invalid": Meaning("An admission is 32 bytes in base64url. Derive it from the link's secret.", 422),
    # --- accounts ---
    "request.other_site": Meaning("That request came from another site's page. Do it on this server's own.", 403),
    "address.invalid": Meaning("That isn't a mail address. Check it.", 422),
    "address.unknown": Meaning("The account has no such address. List them.", 404),
    "address.last": Meaning("An account keeps one address. Add another first.", 409),
    "address.too_many": Meaning("An account has at most `most` addresses. Remove one.", 409, {"most": int}),
    "language.unknown": Meaning("There is no such language here: `known` names those there are.", 422, {"known": str}),
    "time_zone.unknown": Meaning("There is no such time zone. Send a name such as Europe/Berlin.", 422),
    "password.too_short": Meaning("A password has at least `least` characters. Choose a longer one.", 422, {"least": int}),
    "password.too_long": Meaning("A password has at most `most` characters. Choose a shorter one.", 422, {"most": int}),
    "password.guessable": Meaning("That password is guessed first. Choose another.", 422),
    "password.leaked": Meaning("That password has appeared in a known leak. Choose another.", 422),
    "signup.closed": Meaning("New accounts are by invitation here. Ask the operator.", 403),
    "signup.address_in_use": Meaning("That address can't be used for another account here. Ask the operator.", 409),
    "signin.wrong": Meaning("Address or password isn't right. Check both.", 403),
    "signin.code_needed": Meaning("The password is right. Send the authenticator's code as well.", 403),
    "signin.code_wrong": Meaning("That code isn't right, or was used. Wait for the next one.", 403),
    "signin.too_many_tries": Meaning("Too many tries. Wait that long.", 429, WAIT),
    "provider.unknown": Meaning("No organisation's sign-in has that id here.", 404),
    "provider.unanswered": Meaning("That organisation's sign-in isn't answering. Sign in another way, or try later.", 503),
    "provider.refused": Meaning("What that organisation's sign-in said isn't right. Its operator finds the fault in the log.", 403),
    "provider.over": Meaning("That took too long, or began in another browser. Begin again.", 403),
    "provider.address_in_use": Meaning(
        "Somebody has an account with that address, and that organisation doesn't speak for it. Sign in the usual way.", 409
    ),
    "provider.anothers": Meaning("That sign-in is another account's here. Sign in by it to see which.", 409),
    "provider.connected_already": Meaning("Another of that organisation's sign-ins is connected already. Disconnect it first.", 409),
    "provider.not_connected": Meaning("That organisation's sign-in isn't connected. List those that are.", 404),
    "signin.last_way": Meaning("Nobody takes away their last way to sign in. Add another first.", 409),
    "signin.busy": Meaning("Too many sign in at this moment. Come back in that many seconds.", 503, WAIT),
    "account.signed_out": Meaning("Nobody is signed in. Sign in.", 401),
    "account.suspended": Meaning("The operator has suspended this account. Ask them.", 403),
    "account.prove_again": Meaning("That needs a proof of the last ten minutes that it is you. Prove it, then do it again.", 403),
    "account.unknown": Meaning("There is no such account. List them.", 404),
    "account.last_operator": Meaning("Somebody must be the operator. Appoint another first.", 409),
    "session.unknown": Meaning("There is no such session. List them.", 404),
    "proof.passkey_needed": Meaning("That link was asked for in another browser. Open it there, or sign with the passkey as well.", 403),
    "proof.over": Meaning("That link was used, or is too old. Ask for another.", 404),
    "proof.password_needed": Meaning("The link was asked for in another browser. Open it there, or send the password that was chosen.", 403),
    "proof.sign_in_first": Meaning("That address is for an account that isn't signed in here. Sign in, then open the link again.", 403),
    "mail.none": Meaning("This server can't send mail. Ask the operator for a link.", 409),
    "setup.over": Meaning("There is an operator already. Ask them.", 409),
    "setup.wrong_token": Meaning("That isn't the token that the server printed when it started. Look there.", 403),
    "passkey.refused": Meaning("That passkey can't be used. Try again, or use the password.", 403),
    "passkey.unknown": Meaning("There is no such passkey. List them.", 404),
    "passkey.too_many": Meaning("An account has at most `most` passkeys. Remove one.", 409, {"most": int}),
    "codes.on_already": Meaning("Codes are on. Switch them off first.", 409),
    "codes.not_begun": Meaning("Nothing was begun. Begin again.", 409),
    # --- the calendar ---
    "calendar.unknown": Meaning("There is no such meeting in your calendar. List them.", 404),
    "calendar.not_host": Meaning("Only who hosts a meeting may do that. Ask its owner.", 403),
    "calendar.time": Meaning("`starts` is a local time such as 2026-12-07T09:00. Send one.", 422),
    "calendar.minutes": Meaning("A meeting takes 1 to `most` minutes. Send another length.", 422, {"most": int}),
    "calendar.rule": Meaning("It can't repeat so: `why` says what is wrong. Send another RRULE (RFC 5545).", 422, {"why": str}),
    "calendar.early": Meaning("People may come 0 to `most` minutes early. Send another number.", 422, {"most": int}),
    "calendar.capacity": Meaning("A meeting takes 1 to `most` people here. Send another number.", 422, {"most": int}),
    "calendar.notes": Meaning("Notes are at most `most` characters. Shorten them.", 422, {"most": int}),
    "calendar.scope": Meaning("One time alone has its own title, notes, start and length, and nothing else. Change the whole.", 422),
    "calendar.occurrence_unknown": Meaning("The meeting has no such time, or it is cancelled. List them.", 404),
    "calendar.over": Meaning("All of it is over, or cancelled. Plan another.", 409),
    "calendar.too_many": Meaning("You have `most` meetings to come, which is as many as one may. Cancel some.", 409, {"most": int}),
    "calendar.too_many_changes": Meaning("The invited were told of many changes just now. Wait that long, or cancel all of it.", 429, WAIT),
    "calendar.asked_too_often": Meaning("You have asked to be invited to many meetings just now. Wait that long.", 429, WAIT),
    "calendar.heir": Meaning("Only an organisation that you are in, or a colleague there, can follow you. Name one of them.", 422),
    "calendar.not_a_colleague": Meaning("A meeting is handed to somebody of an organisation that you share, and of the one that it belongs to. Invite them by account first.", 422),
    "calendar.not_handed": Meaning("There is nobody to give this meeting back to. Keep it, or make a colleague who is invited its organiser.", 409),
    "invitation.address": Meaning("`which` isn't a mail address. Check it.", 422, {"which": str}),
    "invitation.already": Meaning("`which` is invited already, or owns the meeting. Leave them out.", 409, {"which": str}),
    "invitation.too_many_mails": Meaning("You have invited as many as one may in a day. Wait that long.", 429, WAIT),
    "calendar.no_feed": Meaning("There is no such calendar: its address was made anew, or isn't whole.", 404),
    "calendar.import": Meaning("That calendar can't be taken in: `why` says what is wrong.", 422, {"why": str}),
    "calendar.no_roll": Meaning("Nobody's attendance was noted: it was switched off.", 409),
    "calendar.no_template": Meaning("There is no such template. List them.", 404),
    "calendar.too_many_templates": Meaning("One has at most `most` templates. Remove one.", 409, {"most": int}),
    "ring.too_often": Meaning("They were rung a moment ago. Wait that long.", 429, WAIT),
    "answer.unknown": Meaning("That link answers no invitation: it was taken back, or isn't whole. Ask who invited you.", 404),
    "answer.invalid": Meaning("An answer is yes, no or maybe. Send one of them.", 422),
    "meeting.not_started": Meaning(
        "The meeting hasn't started. Ask again after `retry_after_s`.", 409, {"starts_at": str, "opens_at": str} | dict(WAIT)
    ),
    "meeting.over": Meaning("The meeting is over. What was kept is on its page.", 409, {"ended_at": str, "id": str}),
    "meeting.cancelled": Meaning("The meeting was cancelled. Ask who invited you.", 409),
    "meeting.sign_in": Meaning("This meeting is for people with an account. Sign in.", 403),
    "meeting.not_invited": Meaning("You aren't on this meeting's list. Ask its organiser.", 403, {"account": str}),
    # --- API keys ---
    "key.wrong": Meaning("That API key is wrong, over, or was revoked. Make another.", 401),
    "key.scope": Meaning("That API key hasn't the scope `scope`. Make one that has.", 403, {"scope": str}),
    "plan.without": Meaning(
        "The plan doesn't hold the service `service`. What was set up stays and works again under one that does. Choose another plan, "
        "or ask an owner.",
        403, {"service": str},
    ),
    "key.not_here": Meaning("No API key opens that. Sign in.", 403),
    "key.not_of_an_account": Meaning("That API key is an organisation's, and this is a person's. Use another.", 403),
    "key.unknown": Meaning("There is no such API key. List them.", 404),
    "key.unknown_scope": Meaning("An API key has one scope or more, and `known` names those there are.", 422, {"known": str}),
    "key.too_many": Meaning("There are at most `most` API keys. Revoke one.", 409, {"most": int}),
    "request.too_many": Meaning("That were too many requests. Wait that long.", 429, WAIT),
    # --- organisations ---
    "org.unknown": Meaning("You are in no such organisation. List yours.", 404),
    "org.not_allowed": Meaning("Only who is `role` there may do that. Ask one.", 403, {"role": str}),
    "org.outranked": Meaning("That is above your own role. Ask an owner.", 403),
    "org.last_owner": Meaning("An organisation is never without an owner. Make another first.", 409),
    "org.too_many": Meaning("One person owns at most `most` organisations. Hand one on.", 409, {"most": int}),
    "org.full": Meaning("An organisation has at most `most` people. Remove some.", 409, {"most": int}),
    "org.too_many_at_once": Meaning("At most `most` at once. Send fewer.", 422, {"most": int}),
    "org.member_unknown": Meaning("There is no such person in the organisation. List them.", 404),
    "org.member_already": Meaning("That person is in the organisation already.", 409),
    "org.inactive": Meaning("The organisation's directory has switched you off. Ask who looks after it.", 403),
    "org.not_asked": Meaning("That organisation asks you nothing.", 404),
    "org.link_over": Meaning("That invitation was used, taken back, or is too old. Ask for another.", 404),
    "org.link_too_long": Meaning("A link is good for at most `most` days.", 422, {"most": int}),
    "org.group_unknown": Meaning("There is no such group in the organisation. List them.", 404),
    "org.group_taken": Meaning("There is a group of that name beside it. Choose another.", 409),
    "org.group_in_itself": Meaning("A group can't be within itself. Choose another.", 409),
    "org.groups_too_deep": Meaning("Groups stand at most `most` deep.", 409, {"most": int}),
    "org.too_many_groups": Meaning("An organisation has at most `most` groups. Remove some.", 409, {"most": int}),
    "org.rule_unknown": Meaning("There is no such rule: `known` names those there are.", 422, {"known": str}),
    "org.rule_value": Meaning("That rule hasn't that value: `known` names those it has.", 422, {"known": str}),
    "org.domain_invalid": Meaning("That isn't a domain. Write one such as school.example.", 422),
    "org.domain_public": Meaning("Anybody can have an address there, so it is nobody's. Use a domain of your own.", 409),
    "org.domain_unknown": Meaning("The organisation has no such domain. List them.", 404),
    "org.domain_taken": Meaning(
        "Another organisation here has proven that domain. If it is yours now, take its record out of the DNS, leave yours and check again.",
        409,
    ),
    "org.too_many_domains": Meaning("An organisation has at most `most` domains. Give one up.", 409, {"most": int}),
    "org.dns_silent": Meaning("The DNS doesn't answer for that domain. Try again in some minutes.", 503),
    "org.dns_without": Meaning(
        "The DNS has no TXT record `name` with `value` yet. It can take hours until a new one is seen.", 409, {"name": str, "value": str}
    ),
    "org.code_wrong": Meaning("That code isn't right, or is too old. Ask for another.", 403),
    # --- an address and a sender of its own ---
    "host.invalid": Meaning("That isn't the name of an address. Write one such as meet.school.example.", 422),
    "host.mixed": Meaning(
        "That name mixes alphabets, so people would take it for another. Use one that is of one alphabet.", 422
    ),
    "host.servers_own": Meaning("That is this server's own address. Take one of your own domain.", 409),
    "host.not_proven": Meaning(
        "`host` isn't within a domain that the organisation has proven. Prove the domain first.", 409, {"host": str}
    ),
    "host.taken": Meaning("Another organisation has its meetings at that address. Take another.", 409),
    "host.none": Meaning("The organisation has no such address. List them.", 404),
    "host.too_many": Meaning("An organisation has at most `most` addresses. Remove one.", 409, {"most": int}),
    "host.server_unnamed": Meaning(
        "This server has no address that others reach it by. Ask the operator to set http.address.", 409
    ),
    "host.elsewhere": Meaning(
        "At this address one comes to meetings, and nothing else. Ask at `main`.", 421, {"main": str}
    ),
    "host.unknown": Meaning("This server isn't reached by that name. Ask at `main`.", 421, {"main": str}),
    "sender.none": Meaning("The organisation has chosen nothing for its mails. Choose first.", 404),
    "sender.name": Meaning(
        "A sender's name is a name: up to 64 characters, no address, no link, no brackets. Write one.", 422
    ),
    "sender.name_mixed": Meaning(
        "That name mixes alphabets within a word, so people would take it for another. Use one alphabet.", 422
    ),
    "sender.name_taken": Meaning(
        "That name looks like this server's, or another organisation's that has proven who it is. Take another.", 409
    ),
    "sender.address": Meaning("`field` isn't a mail address. Write one such as meetings@school.example.", 422, {"field": str}),
    "sender.not_proven": Meaning(
        "`domain` isn't a domain that the organisation has proven itself. Prove it, or take an address of one that is.",
        409,
        {"domain": str, "field": str},
    ),
    "sender.unproven": Meaning(
        "Only who has proven a domain is named in mails. Prove one first.", 409
    ),
    "sender.no_address": Meaning("Your account has no proven address. Prove one first.", 409),
    "sender.enough": Meaning("Enough mails went to your address already. Try again in an hour.", 429),
    "org.token_unknown": Meaning("There is no such token. List them.", 404),
    "org.too_many_tokens": Meaning("An organisation has at most `most` tokens. Revoke one.", 409, {"most": int}),
    "org.import_encoding": Meaning("The table isn't UTF-8 text. Save it as CSV UTF-8.", 422),
    "org.import_broken": Meaning("The table can't be read from line `line` on: a quotation mark is open there.", 422, {"line": int}),
    "org.import_no_address": Meaning("The first line must name the columns, one of them `address`.", 422),
    "org.import_too_long": Meaning("A table has at most `most` lines. Send it in parts.", 422, {"most": int}),
    "org.import_twice": Meaning("That address stands in an earlier line as well.", 422),
    "org.import_role": Meaning("There is no such role: `known` names those there are.", 422, {"known": str}),
    # --- running the server ---
    "growth.field": Meaning("Line `line`: the field `field` isn't what the format says. Nothing was taken.", 422, LINE),
    "growth.missing": Meaning("Line `line`: the field `field` is missing. Nothing was taken.", 422, LINE),
    "growth.unknown": Meaning("Line `line`: the field `field` isn't in the format. Nothing was taken.", 422, LINE),
    "growth.line_too_long": Meaning("Line `line` has more than 4096 bytes. Nothing was taken.", 422, LINE),
    "growth.no_json": Meaning("Line `line` is no JSON object. Nothing was taken.", 422, LINE),
    "growth.no_offset": Meaning("Line `line`: the time has no offset, such as Z or +02:00. Nothing was taken.", 422, LINE),
    "growth.period": Meaning("Line `line`: the last day is before the first, or more than ten years after it. Nothing was taken.", 422, LINE),
    "growth.of_both": Meaning("Line `line`: it is of an organisation and of a domain. Say one of them. Nothing was taken.", 422, LINE),
    "growth.too_large": Meaning("The file has more than `most_bytes` bytes. Bring it in a shell: folkmoot growth import.", 413, {"most_bytes": int}),
    "growth.no_entry": Meaning("No such cost or rate was typed: it is gone, or came with a file.", 404),
    "growth.no_book": Meaning("There is no book of that name. GET .../books lists them.", 404),
    "growth.in_use": Meaning("The book is being written. Try again when that is done.", 409),
    "growth.empty": Meaning("The book has no events yet. Bring some: folkmoot growth import.", 404),
    "growth.quarter": Meaning("A quarter is named by a month of it, such as 2026-07; a year with a y after that.", 422),
    "growth.no_table": Meaning("There is no such figure or table. The documentation of growth names them.", 404),
    "growth.people": Meaning("Events of single people are told to nobody. Domains of five people and more are.", 404),
    "growth.no_forecast": Meaning("No forecast was made of that month: it isn't over, or nobody was a customer.", 404),
    "growth.name": Meaning("That is no name of a book. Use a-z, 0-9 and -.", 422),
    "growth.currency": Meaning("That is no currency. Write three capitals, such as EUR.", 422),
    "growth.too_long": Meaning("The figures took too long. Ask for less, or try again.", 503),
    "operator.not_you": Meaning("Only who runs this server may do that. Ask them.", 403),
    "operator.not_oneself": Meaning("Nobody suspends themselves. Ask another operator.", 409),
    "operator.no_address": Meaning("Your account has no proven address. Prove one first.", 409),
    "choice.too_many": Meaning("A list has at most `most` entries. Use fewer.", 422, {"most": int}),
    "choice.domain": Meaning("A domain is written as school.example. Correct the list.", 422),
    "choice.origin": Meaning("A page's origin is written as https://www.school.example, without a path. Correct the list.", 422),
    "choice.limit": Meaning("A limit is from `least` to `most`, or 0 for none. Choose another.", 422, {"least": int, "most": int}),
    "announcement.invalid": Meaning("An announcement is one line of at most `most` characters. Shorten it.", 422, {"most": int}),
    "announcement.times": Meaning("An announcement ends after it begins, within a year; times have a zone.", 422),
    "announcement.too_many": Meaning("There are at most `most` announcements. Remove one.", 409, {"most": int}),
    "announcement.unknown": Meaning("There is no such announcement. List them.", 404),
    # --- plans and money ---
    "billing.plan_unknown": Meaning("There is no such plan on offer. List those there are.", 404),
    "billing.plan_name": Meaning("A plan has an id such as `team-2` and a name of 1 to 64 characters. Correct them.", 422),
    "billing.price": Meaning("A price is a whole number of minor units from 0 on, one for each period and currency. Correct it.", 422),
    "billing.free_plan": Meaning("The plan `free` costs nothing and is always on offer. Give a paid plan another id.", 422),
    "billing.limit": Meaning("A limit is a whole number from 1 on, or left out for none. Correct it.", 422),
    "billing.seats": Meaning("That plan is for `least` to `most` seats. Choose a number between.", 422, {"least": int, "most": int}),
    "billing.trial": Meaning("A trial has at most `most` days. Make it shorter.", 422, {"most": int}),
    "billing.currency": Meaning("That is no currency. Send its three letters of ISO 4217.", 422),
    "billing.currency_mixed": Meaning("The organisation pays in `currency`. Use that one.", 409, {"currency": str}),
    "billing.country": Meaning("A country is two letters of ISO 3166, such as DE. Correct it.", 422),
    "billing.tax_rate": Meaning("A tax has a name, and a rate from 0 to 10000 hundredths of a percent. Correct it.", 422),
    "billing.no_price": Meaning("That plan has no price for this period in this currency. Choose one that it has.", 409),
    "billing.no_subscription": Meaning("The organisation has no subscription. Start one.", 409),
    "billing.subscribed": Meaning("The organisation has a subscription, or a contract to come. Change that.", 409),
    "billing.no_trial": Meaning("There is no trial of that plan, or the organisation had one. Subscribe without.", 409),
    "billing.nothing_to_come": Meaning("Nothing is to change at the period's end, so nothing can be taken back.", 409),
    "billing.past_due": Meaning("An invoice is past due. Pay it, then add more.", 409),
    "billing.contract": Meaning("A contract holds until `until`. Add seats, or change the rest from the day after.", 409, {"until": str}),
    "billing.reason": Meaning("A reason has at most `most` characters. Shorten it.", 422, {"most": int}),
    "billing.term": Meaning("A contract is for whole periods of 1 to `most` months. Choose another term.", 422, {"most": int}),
    "billing.quote_days": Meaning("A quote is open today, and its contract starts within a year from today. Correct the days.", 422),
    "billing.quote_unknown": Meaning("There is no such quote any more. Ask for another.", 404),
    "billing.quote_known": Meaning("A quote of that id was offered, and it was another one. Give this one its own id.", 409),
    "billing.quote_over": Meaning("That quote's time is over. Ask for another.", 409),
    "billing.too_many_quotes": Meaning("At most `most` quotes are open at once. Take one back.", 409, {"most": int}),
    "billing.too_many_plans": Meaning("There are at most `most` plans. Change one.", 409, {"most": int}),
    "billing.changed_meanwhile": Meaning("Somebody changed the subscription meanwhile. Look at it again, then decide.", 409),
    "billing.owes": Meaning("An invoice of the last subscription isn't paid. Pay it, then start again.", 409),
    "billing.no_customer": Meaning("Say first who invoices go to: name, address and country.", 409),
    "billing.customer": Meaning("`which` is missing or too long. Correct it.", 422, {"which": str}),
    "billing.document_unknown": Meaning("There is no such invoice. List them.", 404),
    "billing.amount": Meaning("That amount can't be: at most `most` minor units of the invoice's currency, and more than nothing.", 422, {"most": int}),
    "billing.credit_note_known": Meaning("A credit note of that id was written, and it was another one. Give this one its own id.", 409),
    "billing.payment_known": Meaning("A payment of that id was noted, and it was another one. Give this one its own id.", 409),
    "billing.by_hand": Meaning("Payments come to a bank account here, and no provider is asked. Pay as the invoice says.", 409),
    "billing.no_way_to_pay": Meaning("No way to pay was saved with the provider. Save one first.", 409),
    "billing.paid": Meaning("That invoice asks for nothing any more.", 409),
    "billing.forged": Meaning("That isn't signed by the provider, or not just now. Nothing of it was read.", 400),
    "billing.provider_away": Meaning("The payment provider doesn't answer. Try again later, or pay by bank transfer.", 503),
    "billing.provider_refused": Meaning("The payment provider doesn't take this payment. Pay by bank transfer.", 409),
    "billing.refund_source": Meaning("At most `most` minor units came through the provider and can go back there. Send the rest by bank.", 409, {"most": int}),
    # --- webhooks ---
    "hook.address": Meaning("A webhook goes to an https address out in the public; `why` says what is wrong with this one.", 422, {"why": str}),
    "hook.unknown_event": Meaning("A webhook tells of one event or more, and `known` names those there are.", 422, {"known": str}),
    "hook.unknown": Meaning("There is no such webhook. List them.", 404),
    "hook.too_many": Meaning("There are at most `most` webhooks. Remove one.", 409, {"most": int}),
    # --- files ---
    "files.too_large": Meaning("A file of this kind has at most `most` bytes. Send a smaller one.", 413, {"most": int}),
    "files.empty": Meaning("There is nothing in that file. Choose another.", 422),
    "files.quota": Meaning("All files together have at most `most` bytes. Delete some.", 409, {"most": int}),
    "files.no_room": Meaning("The server's disk has no room for that. Nothing of it was kept; tell the operator.", 507),
    "files.away": Meaning("What keeps the files doesn't answer. Try again in a while.", 503),
    "files.unknown": Meaning("There is no such file, or it isn't yours to see.", 404),
    "files.range": Meaning("The file has `size` bytes, and none of those that were asked for.", 416, {"size": int}),
    "picture.unreadable": Meaning("That is no picture in JPEG, PNG or WebP, or it is damaged. Choose another.", 422),
    "picture.too_large": Meaning("A picture has at most `most` pixels. Make it smaller.", 413, {"most": int}),
    "picture.busy": Meaning("Many bring pictures at this moment. Come back in that many seconds.", 503, WAIT),
    # --- branding ---
    "branding.colour": Meaning("That is no colour. Send one as `#rrggbb`.", 422),
    "branding.contrast": Meaning(
        "That colour can't be read on a `light` page: against `against` it has `ratio`, and needs `least`. `nearest` is the nearest that can.",
        422,
        {"light": str, "against": str, "ratio": float, "least": float, "nearest": str},
    ),
    "branding.line": Meaning("A line for who waits is one line of plain text, at most `most` characters. Correct it.", 422, {"most": int}),
    "branding.vector": Meaning("An SVG may hold programs, and isn't taken. Send the logo as PNG, JPEG or WebP.", 422),
    # --- in a meeting, on its channel ---
    "meeting.removed": Meaning(
        "You were removed from the meeting. `again`: you may ask to come back.", None, {"again": bool, "at": str}
    ),
    "meeting.unknown_preset": Meaning(
        "There is no such preset: `known` names those there are. Choose one.", 422, {"known": str}
    ),
    "meeting.waits": Meaning(
        "Who comes to this meeting waits to be let in, and this page can't show that. Load it again, or use a newer one.", 403
    ),
    "channel.bad_token": Meaning("The channel token is missing, wrong or over. Join again for another.", 401),
    "invitation.unknown": Meaning("There is no such invitation. List them.", 404),
    "invitation.taken": Meaning("An admission is another person's already. Draw a secret for each.", 409),
    "invitation.too_many": Meaning("A meeting has at most `most` invitations. Use another meeting.", 403, {"most": int}),
    "meeting.ended": Meaning("The meeting is over. Make or ask for another.", 410),
    "meeting.locked": Meaning("The meeting is locked. Ask its host to unlock it."),
    "meeting.full": Meaning("The meeting has as many people as it may. Come back when somebody left.", None, {"most": int}),
    "meeting.personal_only": Meaning("Only personal links lead here. Ask the host for one of your own."),
    "meeting.link_revoked": Meaning("That link was taken back. Ask the host for another."),
    "meeting.turned_away": Meaning("A host didn't let you in. Ask the one who invited you."),
    "meeting.waiting_room_full": Meaning("As many wait as can. Try again in a minute.", None, WAIT),
    "meeting.not_admitted": Meaning("Who isn't in can do nothing else yet. Wait to be let in.", 403),
    "meeting.not_host": Meaning("Only a host may do that. Ask one.", 403),
    "meeting.not_owner": Meaning("Only who holds the host key may do that. Ask them.", 403),
    "meeting.outranked": Meaning("That person hosts as you do, or more. Ask the owner."),
    "meeting.not_waiting": Meaning("That person doesn't wait any more: another host was sooner, or they left."),
    "meeting.not_stopped": Meaning("Nothing is stopped. There is nothing to go on with."),
    "meeting.no_channel": Meaning("That person has nothing but their media here. Remove them instead."),
    "meeting.line_invalid": Meaning("What who waits sees is one line of visible characters. Write another."),
    "meeting.not_allowed": Meaning("You may not do that now: `may` names what is missing. Ask a host.", 403, {"may": str}),
    "meeting.failed": Meaning("That didn't work, and it was noted. Try something else."),
    "meeting.decides": Meaning("A meeting decides that in its room. Ask the meeting, by its channel.", 412),
    "meeting.not_oneself": Meaning("A host can't do that to themselves."),
    "meeting.rate_limited": Meaning("Too many commands. Wait that long, then go on.", 429, WAIT),
    "meeting.too_large": Meaning("The message is too large: `most` is the limit, where it is one of characters.", None, {"most": int}),
    "meeting.unknown_command": Meaning("This server knows no such command. Load the page again."),
    "meeting.unknown_participant": Meaning("That person isn't in the meeting any more.", 404),
    # --- at LiveKit's door: what its clients show ---
    "room.full": Meaning("room is full", 403, {"max": int}),
    "room.too_many_join": Meaning("too many join at once, try again", 503, WAIT),
    "participant.removed": Meaning("unauthorized: token was revoked", 401),
    "participant.too_large": Meaning("metadata or attributes are too large", 400),
    # --- by LiveKit's server API, which has few codes of its own for them (`TWIRP`) ---
    "room.unknown": Meaning("requested room does not exist", 404),
    "participant.unknown": Meaning("participant does not exist", 404),
    "track.unknown": Meaning("track is not found", 404),
    "participant.not_connected": Meaning("participant is not connected yet", 412),
    "participant.stays": Meaning("participant cannot be moved: its client doesn't know how, or it serves this room", 412),
    "participant.forwarded": Meaning("participant is forwarded from another room: ask there, or remove it here", 412),
    "participant.there_already": Meaning("a participant of that identity is in the destination room", 409),
    "room.too_many_calls": Meaning("too many calls wait for an answer", 429),
    "dispatch.unknown": Meaning("agent dispatch does not exist", 404),
    "dispatch.too_many": Meaning("A room has at most `most` agent dispatches. Delete one.", 429, {"most": int}),
    "track.unmute_not_offered": Meaning("remote unmute not enabled", 400),
}  # fmt: skip

TWIRP: Mapping[str, Meaning] = {
    "malformed": Meaning("The body isn't what the method takes. Send its protobuf, or that in JSON.", 400),
    "invalid_argument": Meaning("A field has a value that can't be. `msg` names it.", 400),
    "unauthenticated": Meaning("The token is missing, wrong, over, or lacks the grant. Make one that has it.", 401),
    "canceled": Meaning("A participant was called and didn't answer in time.", 408),
    "unavailable": Meaning("A participant was called and left.", 503),
    "failed_precondition": Meaning("A meeting decides that in its room, or the participant isn't one to whom it can be done. `msg` says which.", 412),
    "already_exists": Meaning("There is one already. `msg` says of what.", 409),
    "not_found": Meaning("There is no such room, participant or track. `msg` says which.", 404),
    "resource_exhausted": Meaning("There is as much of it as may be. `msg` says of what.", 429),
    "bad_route": Meaning("There is no such method, or it was sent by another way than POST.", 404),
    "unimplemented": Meaning("LiveKit has it, this server not.", 501),
    "internal": Meaning("Something went wrong here, and it was noted.", 500),
}  # fmt: skip
"""Of LiveKit's server API: `{code, msg}`, codes and statuses as Twirp has them."""

AT_A_START: Mapping[str, str] = {
    "config.unreadable": "The file given by `--config` can't be read.",
    "config.invalid": "A setting has a value that can't be.",
    "config.unknown_key": "There is no such setting; the nearest is named.",
    "config.unknown_key_of_webhooks": "`webhooks.key` names an API key that isn't in `keys`.",
    "config.half_certificate": "A certificate was given without its key, or a key without its certificate; or a folder of them without either.",
    "config.certificate": "The certificate or its key can't be used: the sentence says why.",
    "config.half_bucket": "A bucket for files is set, but not the key that opens it.",
    "config.half_provider": "A provider of payments is set, but not all that it needs, or a part that nobody uses.",
    "config.half_mail": "A mail server is set, but not who mails are from, or where their links lead.",
    "server.not_running": "No server answers on this machine at the port that the settings name. Start it, or say `--port`.",
    "config.dev_beyond_loopback": "`--dev` serves this machine alone.",
    "config.weak_secret": "The secret of an API key can be guessed. `folkmoot token --new-key` makes a good one.",
    "config.secrets_unreadable": "`secrets.toml` is damaged. Restore it from a backup.",
    "data.unwritable": "The data folder can't be written.",
    "data.in_use": "Another Folkmoot works in that data folder.",
    "data.nothing": "There is no database in that data folder.",
    "storage.url": "`storage.url` is no address of a PostgreSQL database.",
    "storage.unreachable": "The database doesn't answer, or doesn't let this user in.",
    "storage.encoding": "The database keeps text in an encoding that not every name fits in.",
    "data.older": "The database isn't of this version yet. `folkmoot migrate` brings it up.",
    "data.broken": "The database is damaged. `folkmoot restore` brings back a backup.",
    "data.unusable": "The database can't be used: a full disk, somebody's lock; it is named.",
    "data.newer": "The database was written by a newer Folkmoot.",
    "backup.exists": "`folkmoot backup` overwrites nothing without `--force`.",
    "backup.book_in_use": "A book of growth is being written. Try again when that is done.",
    "backup.unwritable": "The backup can't be written there.",
    "backup.damaged": "That file is no backup, or not whole.",
    "backup.newer": "The backup was made by a newer Folkmoot.",
    "restore.occupied": "`folkmoot restore` overwrites nothing without `--force`.",
    "http.port_busy": "Another program has the port.",
    "http.port_forbidden": "Ports below 1024 are root's.",
    "http.no_address": "This machine hasn't the address that it shall listen at.",
    "token.incomplete": "A token names a room and a person.",
    "engine.missing": "The wheel folkmoot-engine isn't installed.",
}  # fmt: skip
"""Said to the one who starts the server, on standard error, with a sentence that names what it found; exit status 2. The
engine has more of its own, all of them `engine.…`."""
