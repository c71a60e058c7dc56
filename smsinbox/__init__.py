"""smsinbox: a self-hosted two-way SMS inbox.

Customers text a company's numbers; carriers post those texts to us; agents see them live in the
browser as conversations and answer; rules answer when nobody has to; programs send through us too.

**The database is the only truth; Redis is a doorbell.** Every job and every published message
carries an id and may be lost at any instant with no effect but latency.

The floors. Folders are floors, files are rooms, the same noun is the same file name on every floor.
Imports go down only, at the top of the file (`import-linter` keeps it so):

    app  application  cli  worker  sweeper  caller  pusher  mailer  serve    doors: may import all
    ───────────────────────────────────────────────────────────────────
    live/       what each open screen redraws                edges: parse, call once, answer
    web/        HTML pages, fragments, the carriers' webhooks
    api/        our JSON API, /api/v1
    gateway/    the carriers' own send APIs, served by us
    ───────────────────────────────────────────────────────────────────
    services/   verbs: every write, one transaction each
    queries/    questions: every list and figure; never write
    models/     nouns: tables, and what they decide; never act
    dialects/   the carriers' wire languages, both sides; know no table, no Flask
    rules/      what answers by itself: definitions, calendars, the evaluator; a pure function
    core/       ground: settings, database, clock, log of events, doorbell, phone numbers, segments

    sandbox/    outside the house: a make-believe carrier with handsets, its own process and file

The three journeys (┃ in the transaction, ▸ after its commit):

    A text arrives      web/webhooks.py verifies and reads; ┃ services/inbound.py keeps the raw
                        webhook, contact, conversation and message, lets consent words, replies
                        that programs armed and rules answer, writes the events ▸ the doorbell
                        rings, the carrier gets its 2xx, live/tail.py renders what changed once and
                        sends it to the screens.
                        Its files are fetched from the carrier's own hosts by a worker
                        (services/fetching.py) and lie under instance/media (core/files.py); so are
                        those of a program's text, which is held until then (services/held.py).
    An agent replies    ┃ services/outbound.py queues ▸ the bubble is there; a worker ┃ claims with
                        a fence and a lease, sends with no transaction open, ┃ finishes only if
                        its fence still holds (services/delivery.py, services/outcomes.py).
    A receipt comes     services/receipts.py keeps it always and matches it when it can;
                        `Message.delivery` is the highest rank over all of them.

Nobody who opted out is texted: services ask (queries/messages.py), a claim asks again
(services/delivery.py), and a trigger refuses what both forget (migration 0011). What was said about
consent stays as proof (services/consent.py, models/consent_event.py).

A carrier's dialect has two sides over one wire (dialects/sides.py): client, we are its customer;
server, we are the carrier, for programs and for the sandbox. How a send can fail is one tree of
errors, why we refuse one list of reasons (dialects/errors.py); each dialect has its words for them.
A number may have backup accounts: a text moves on only when the account before provably did not
take it (queries/routes.py), and a breaker leaves a carrier alone that cannot be reached
(services/breaker.py). The webhook address of each send names its attempt (services/correlation.py).

A screen says honestly how live it is: each beat tells how late the house draws, sends and sweeps
(live/meter.py, queries/pulse.py), and which numbers are strangely quiet (services/hearings.py). Who
is there is written down by the processes that hold their pages (live/faces.py).

Nobody is disturbed without need: what concerns one user is written down for them in the transaction
in which it happens (services/notifications.py), and their bell rings on their own topic
(live/tail.py). Who hears of what is decided in one place for sounds and pushes (queries/rings.py);
pusher.py seals and posts the latter, and mailer.py tells once a day how many texts failed. Whoever
is blocked (services/contacts.py) is kept, and neither waits, rings nor is answered. Of a carrier's
word that nobody knows admins hear once (services/strange_words.py), and of the words that they
chose from whoever writes them (services/watching.py). Two machines that answer each
other stop within three exchanges (rules/loops.py).

Who looks at a conversation and who types in it is whispered between processes and kept nowhere
(live/company.py), and so is what users have before their eyes, for which no page of theirs sounds
(live/attention.py) and which they have read (live/reading.py); who is here at all is a row a user
(models/presence.py), by which waiting conversations go round (services/dealing.py).

What programs hear of: caller.py reads the log of events beside the sweeper's loop, services/
callbacks.py makes posts of it in the transaction that notes how far it read, services/
callback_posts.py holds each for one try; the dialects, and our own words (dialects/house.py), sign
what the rows say at that moment (services/callback_words.py).

Before a person's text is taken it is compared with what they had seen, under the lock of its
conversation (services/misgivings.py): whoever was overtaken, or may be in the wrong window, looks
again and decides. Merge fields in it are filled in then (rules/fields.py), and one that says
nothing holds it back. Drafts (services/drafts.py) carry the token they would be sent with, so that
a late save brings nothing back that was sent. Files wait beside it from the moment they are chosen
(services/uploads.py) until a text takes them. What people schedule or may still undo waits
(services/later.py), and stands in the thread where it is said.

Search (queries/search/) reads one language for both databases; by triggers FTS5 and tsvectors
follow texts, notes and names (migration 0016) in the transaction that changes them.

Lists are views (queries/views.py), each a test of a row beside the same question to the database,
as a screen asks both; a filter (queries/filters.py) is a view that people describe in the language
of search. Deeds on many (web/bulk.py) are one transaction each, and what is left to do travels,
signed, with the page.

A person with several phones is several contacts, one of which leads (models/contact.py): what is
known is written to each, so that intake and rules need no join, while conversations and consent
stay with the phone. Contacts go in and out as files in steps (services/transfers.py). Of one who is
erased a keyed fingerprint keeps the opt-out (services/farewells.py).

People read their own language, by their own clock (core/i18n.py, core/times.py): as they chose,
else as their browser has it (web/speech.py); words for programs, logs and records are English.
English words are the keys, and `make words` collects them into translations/. A screen says how it
reads, and each fragment is drawn once for all who read alike (live/redraw.py); what was written
down is told again by its words (web/records.py, web/reasons.py); scripts find theirs on the page
(web/words.py).

Texts that arrive together share one transaction (core/group_commit.py). The sweeper owns time:
ended leases, due retries, receipts that fit no message yet; it delivers itself when Redis is away.
"""

import gc

# Imports make a million objects and no garbage; looking for it every 700 costs a tenth of a start.
gc.set_threshold(10_000)
