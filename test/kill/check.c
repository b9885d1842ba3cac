#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "core/audit.h"
#include "core/batch.h"
#include "core/person.h"
#include "core/use.h"
#include "deed.h"
#include "home/home.h"
#include "notify/outbox.h"
#include "store/rows.h"
#include "store/store.h"
#include "vault/vault.h"

enum { EXIT_FAILED = 1, TOLD_MAX = 30 };

struct check {
  struct book *book;
  struct home *home;
  struct core *core;
  struct store *store;
  struct err err;
  bool is_last;
  int wrong;
  int (*seen)[DEEDS_MAX];  // how often what a deed wrote was found: values, delivered messages
};

// ── Telling ─────────────────────────────────────────────────────────────────────────────────

static void tell(struct check *check, const char *what, const char *about)
{
  if (check->wrong++ < TOLD_MAX)
    fprintf(stderr, "kill: wrong: %s: %s\n", about, what);
}

static void tell_deed(struct check *check, const char *what, const struct deed *deed)
{
  static const char *const states[] = {"free", "asked", "done", "dropped", "refused"};
  char about[120];
  (void)snprintf(about, sizeof about, "%s %d/%d of person %lld, %s", deed_kind_name(deed->kind),
                 deed->hand, deed->number, (long long)deed->person, states[deed_state(deed)]);
  tell(check, what, about);
}

static void tell_range(struct check *check, const char *what, int64_t person, int64_t found,
                       int64_t least, int64_t most)
{
  char text[160];
  char about[40];
  if (found >= least && found <= most)
    return;
  (void)snprintf(text, sizeof text, "%s: %lld there, not %lld to %lld", what, (long long)found,
                 (long long)least, (long long)most);
  (void)snprintf(about, sizeof about, "person %lld", (long long)person);
  tell(check, text, about);
}

static void must(struct check *check, enum err_code code, const char *what)
{
  char text[ERR_MESSAGE_BYTES + ERR_WHERE_BYTES + 8];
  if (code == ERR_OK)
    return;
  (void)snprintf(text, sizeof text, "%s (%s)", check->err.message, check->err.where);
  tell(check, text, what);
}

// ── Values ──────────────────────────────────────────────────────────────────────────────────

static void see_value(struct check *check, int64_t person, struct view value)
{
  char text[DEED_TEXT_BYTES] = "";
  if (value.length < sizeof text)
    memcpy(text, value.bytes, value.length);
  const struct deed *deed = book_of_ip(check->book, text);
  if (deed == NULL || deed->kind != DEED_IP || deed->person != person)
    tell(check, "a value that nobody put", text);
  else
    check->seen[deed->hand][deed->number]++;
}

// The look is a use like any other, and stands in the book as one.
static void see_values(struct check *check, struct reader *reader, int64_t person)
{
  const struct policy *policy = core_policy(check->core);
  struct use_request request = {
      .actor = {0, policy_role(policy, view_of("security")), -1},
      .person = {person},
      .purpose = policy_purpose(policy, view_of("security")),
      .field = policy_field(policy, view_of("traffic.ip")),
      .channel = GATE_NO_CHANNEL,
  };
  struct deed *deed =
      book_ask(check->book, HAND_STEWARD, &(struct deed){.kind = DEED_USE, .person = person});
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  enum err_code code = use_perform(reader, &request, &arena, &answer, &check->err);
  must(check, code, "looking at the values of a customer");
  deed_set(deed, code == ERR_OK ? DEED_DONE : DEED_DROPPED);
  for (int32_t i = 0; code == ERR_OK && i < answer.value_count; i++)
    see_value(check, person, answer.values[i].value);
}

static void see_all_values(struct check *check)
{
  struct reader *reader = NULL;
  must(check, reader_open(check->core, NULL, &reader, &check->err), "opening a reader");
  for (uint64_t nth = 0; reader != NULL && nth < CUSTOMERS; nth++)
    see_values(check, reader, book_pick(check->book, HAND_PEOPLE, DEED_PERSON, nth)->person);
  reader_close(reader);
}

// ── Delivered messages ──────────────────────────────────────────────────────────────────────

// The address is that of the person whom the message was for.
static bool has_address_of(const struct check *check, int64_t person, const char *text)
{
  const struct hand *people = &check->book->hands[HAND_PEOPLE];
  for (int i = 0; i < atomic_load(&people->count); i++) {
    char address[DEED_TEXT_BYTES];
    char line[DEED_TEXT_BYTES + 8];
    if (people->deeds[i].kind != DEED_CONTACT || people->deeds[i].person != person)
      continue;
    deed_address(&people->deeds[i], address);
    (void)snprintf(line, sizeof line, "To: %s\n", address);
    return strstr(text, line) != NULL;
  }
  return false;
}

static void see_message(struct check *check, const char *folder, const char *name)
{
  char path[500];
  char text[1000] = "";
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    tell(check, "a message that cannot be read", name);
    return;
  }
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  (void)fclose(file);
  const char *payload = strstr(text, "\n\n");
  const struct deed *deed = payload == NULL ? NULL : book_of_payload(check->book, payload + 2);
  if (deed == NULL || deed->kind != DEED_MESSAGE || !has_address_of(check, deed->person, text))
    tell(check, "a message that nobody staged like that", name);
  else
    check->seen[deed->hand][deed->number]++;
}

static void see_spool(struct check *check)
{
  static const char end[] = ".msg";
  char folder[sizeof check->book->home + 10];
  (void)snprintf(folder, sizeof folder, "%s/outbox", check->book->home);
  DIR *files = opendir(folder);
  if (files == NULL) {
    tell(check, "cannot be opened", folder);
    return;
  }
  for (const struct dirent *file = readdir(files); file != NULL; file = readdir(files)) {
    size_t length = strlen(file->d_name);
    if (length > sizeof end && strcmp(file->d_name + length - sizeof end + 1, end) == 0)
      see_message(check, folder, file->d_name);
  }
  (void)closedir(files);
}

// ── Deeds ───────────────────────────────────────────────────────────────────────────────────

static bool is_left_alone(const struct check *check, int64_t person)
{
  return !book_was_asked(check->book, DEED_ERASE, person) &&
         !book_was_asked(check->book, DEED_ENDED, person);
}

static void look_at_ip(struct check *check, const struct deed *deed, int seen)
{
  if (deed_state(deed) == DEED_DONE && seen == 0)
    tell_deed(check, "answered and not there", deed);
}

static void look_at_message(struct check *check, const struct deed *deed, int seen)
{
  struct outbox_row row;
  bool found = false;
  if (deed_state(deed) == DEED_REFUSED && seen > 0)
    tell_deed(check, "refused and delivered", deed);
  if (deed_state(deed) != DEED_DONE || book_was_asked(check->book, DEED_ERASE, deed->person))
    return;
  must(check,
       store_outbox_get(check->store, (struct person_id){deed->person}, deed->answer, &row, &found,
                        &check->err),
       "reading a message");
  if (!found)
    tell_deed(check, "answered and not there", deed);
  if (found && row.state == OUTBOX_SENT && seen == 0)
    tell_deed(check, "marked as sent and not delivered", deed);
  if (check->is_last && seen == 0 && is_left_alone(check, deed->person))
    tell_deed(check, "lost on the way", deed);
}

static void look_at_thing(struct check *check, const struct deed *deed, int seen)
{
  (void)seen;
  struct thing_row row;
  bool found = false;
  if (deed_state(deed) != DEED_DONE || book_was_asked(check->book, DEED_ERASE, deed->person))
    return;
  must(check,
       store_thing_get(check->store, (struct person_id){deed->person}, deed->thing, &row, &found,
                       &check->err),
       "reading a thing");
  if (!found)
    tell_deed(check, "answered and not there", deed);
}

static void look_at_policy(struct check *check, const struct deed *deed, int seen)
{
  (void)seen;
  if (deed_state(deed) == DEED_DONE && core_policy(check->core)->version < deed->answer)
    tell_deed(check, "answered and not in force", deed);
}

static void look_at_epoch(struct check *check, const struct deed *deed, int seen)
{
  (void)seen;
  if (deed_state(deed) == DEED_DONE && vault_epoch(core_vault(check->core)) < deed->answer)
    tell_deed(check, "answered and not in force", deed);
}

static void look_at_deeds(struct check *check)
{
  static void (*const looks[DEED_KIND_END])(struct check *, const struct deed *, int) = {
      [DEED_CONTRACT] = look_at_thing, [DEED_ORDER] = look_at_thing,
      [DEED_IP] = look_at_ip,          [DEED_MESSAGE] = look_at_message,
      [DEED_POLICY] = look_at_policy,  [DEED_EPOCH] = look_at_epoch,
  };
  for (int hand = 0; hand < HANDS; hand++) {
    int count = atomic_load(&check->book->hands[hand].count);
    for (int i = 0; i < count; i++) {
      const struct deed *deed = &check->book->hands[hand].deeds[i];
      if (check->seen[hand][i] > 1)
        tell_deed(check, "there more than once", deed);
      if (looks[deed->kind] != NULL)
        looks[deed->kind](check, deed, check->seen[hand][i]);
    }
  }
}

// ── Persons ─────────────────────────────────────────────────────────────────────────────────

struct tally {  // by kind of deed, of one person
  int64_t done[DEED_KIND_END];
  int64_t open[DEED_KIND_END];  // asked, and nobody knows
};

static void tally_up(const struct book *book, int64_t person, struct tally *tally)
{
  for (int hand = 0; hand < HANDS; hand++) {
    int count = atomic_load(&book->hands[hand].count);
    for (int i = 0; i < count; i++) {
      const struct deed *deed = &book->hands[hand].deeds[i];
      enum deed_state state = deed_state(deed);
      if (deed->person != person)
        continue;
      tally->done[deed->kind] += state == DEED_DONE;
      tally->open[deed->kind] += state == DEED_ASKED || state == DEED_DROPPED;
    }
  }
}

#define COUNT_ROW(noun)                                                                           \
  static enum err_code count_##noun(void *context, const struct noun##_row *row, struct err *err) \
  {                                                                                               \
    (void)row;                                                                                    \
    (void)err;                                                                                    \
    ++*(int64_t *)context;                                                                        \
    return ERR_OK;                                                                                \
  }
COUNT_ROW(record)
COUNT_ROW(thing)
COUNT_ROW(event)
COUNT_ROW(outbox)
COUNT_ROW(operation)

static enum err_code count_key(void *context, const struct person_key_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ++*(int64_t *)context;
  return ERR_OK;
}

struct rows {  // of one person
  int64_t addresses, things, events, messages, records, keys, operations;
};

static void count_rows(struct check *check, struct person_id person, struct rows *rows)
{
  struct store *store = check->store;
  struct err *err = &check->err;
  int32_t email = names_number(core_names(check->core), NAME_FIELD, view_of("contact.email"));
  must(check, store_record_each(store, person, email, count_record, &rows->addresses, err),
       "email");
  must(check, store_record_each(store, person, -1, count_record, &rows->records, err), "records");
  must(check, store_thing_each(store, person, count_thing, &rows->things, err), "things");
  must(check, store_event_each(store, person, count_event, &rows->events, err), "events");
  must(check, store_outbox_each(store, person, count_outbox, &rows->messages, err), "messages");
  must(check, store_key_each(store, person, count_key, &rows->keys, err), "keys");
  must(check, store_operation_each(store, person, count_operation, &rows->operations, err),
       "operations");
}

static void look_at_erased(struct check *check, int64_t person, bool found, const struct rows *rows)
{
  int64_t left = rows->records + rows->keys + rows->things + rows->events + rows->messages +
                 rows->operations + found;
  tell_range(check, "rows of an erased person", person, left, 0, 0);
}

static void look_at_living(struct check *check, int64_t person, const struct rows *rows,
                           const struct tally *tally)
{
  const int64_t *done = tally->done;
  const int64_t *open = tally->open;
  int64_t things = done[DEED_CONTRACT] + done[DEED_ORDER];
  int64_t events = done[DEED_ENDED] + done[DEED_ORDER_DONE];
  tell_range(check, "things", person, rows->things, things,
             things + open[DEED_CONTRACT] + open[DEED_ORDER]);
  tell_range(check, "events after the first", person, rows->events - rows->things, events,
             events + open[DEED_ENDED] + open[DEED_ORDER_DONE]);
  tell_range(check, "messages", person, rows->messages, done[DEED_MESSAGE],
             done[DEED_MESSAGE] + open[DEED_MESSAGE]);
  // The contact of whoever left long ago was swept when the home was opened.
  bool may_have_left = done[DEED_ENDED] + open[DEED_ENDED] > 0;
  int64_t most = done[DEED_ENDED] > 0 ? 0 : done[DEED_CONTACT] + open[DEED_CONTACT];
  tell_range(check, "addresses", person, rows->addresses, may_have_left ? 0 : done[DEED_CONTACT],
             most);
}

static void look_at_person(struct check *check, int64_t person)
{
  struct tally tally = {{0}, {0}};
  struct rows rows = {0};
  struct person_row row;
  bool found = false;
  tally_up(check->book, person, &tally);
  must(check, store_person_get(check->store, (struct person_id){person}, &row, &found, &check->err),
       "reading a person");
  count_rows(check, (struct person_id){person}, &rows);
  if (!found && tally.done[DEED_ERASE] + tally.open[DEED_ERASE] == 0)
    tell_range(check, "person", person, 0, 1, 1);
  if (!found || tally.done[DEED_ERASE] > 0)
    look_at_erased(check, person, found, &rows);
  else
    look_at_living(check, person, &rows, &tally);
}

static void look_at_persons(struct check *check)
{
  const struct hand *people = &check->book->hands[HAND_PEOPLE];
  for (int i = 0; i < atomic_load(&people->count); i++)
    if (people->deeds[i].kind == DEED_PERSON && deed_state(&people->deeds[i]) == DEED_DONE)
      look_at_person(check, people->deeds[i].person);
}

// ── Uses, by the log ────────────────────────────────────────────────────────────────────────

struct log_look {
  struct ledger_key keys[CUSTOMERS];
  int64_t uses[CUSTOMERS];
};

static enum err_code count_uses(void *context, const struct ledger_row *row, struct err *err)
{
  (void)err;
  struct log_look *look = context;
  const unsigned char *entries = (const unsigned char *)row->entries.bytes;
  for (int64_t i = 0; i < row->count; i++) {
    const unsigned char *entry = entries + i * LEDGER_ENTRY_BYTES;
    for (int nth = 0; entry[LEDGER_AT_KIND] == LEDGER_USE && nth < CUSTOMERS; nth++)
      look->uses[nth] += entry_is_about(entry, &look->keys[nth]);
  }
  return ERR_OK;
}

static void look_at_uses(struct check *check)
{
  struct log_look look = {.uses = {0}};
  int64_t persons[CUSTOMERS];
  for (uint64_t nth = 0; nth < CUSTOMERS; nth++) {
    struct person_state *state = NULL;
    persons[nth] = book_pick(check->book, HAND_PEOPLE, DEED_PERSON, nth)->person;
    must(check,
         person_state_now(check->core, (struct person_id){persons[nth]}, &state, &check->err),
         "reading the state of a person");
    if (state != NULL)
      look.keys[nth] = state->ledger_key;
    state_drop(state);
  }
  must(check,
       store_ledger_each(check->store, core_node(check->core), 0, count_uses, &look, &check->err),
       "reading the log");
  for (int nth = 0; nth < CUSTOMERS; nth++) {
    struct tally tally = {{0}, {0}};
    tally_up(check->book, persons[nth], &tally);
    int64_t done = tally.done[DEED_USE] + tally.done[DEED_KEPT];
    tell_range(check, "entries of uses", persons[nth], look.uses[nth], done,
               done + tally.open[DEED_USE] + tally.open[DEED_KEPT]);
  }
}

// ── Jobs and the whole ──────────────────────────────────────────────────────────────────────

const char *check_jobs(struct home *home)
{
  const struct vault *vault = core_vault(home_core(home));
  OWNED(str) struct str refiled = STR_INIT(8);
  struct err err = ERR_INIT;
  bool found = false;
  uint64_t number = 0;
  if (vault_epoch(vault) != vault_epoch_oldest(vault))
    return "an old epoch key is left";
  if (store_meta_get(core_store(home_core(home)), "refiled", &refiled, &found, &err) != ERR_OK)
    return "the due index cannot be read";
  for (size_t i = 0; found && i < refiled.length; i++)
    number |= (uint64_t)(unsigned char)refiled.bytes[i] << 8 * i;
  return (int64_t)number == core_policy(home_core(home))->version
             ? NULL
             : "the due index is not that of the version in force";
}

static void look_at_jobs(struct check *check)
{
  const char *wrong = check_jobs(check->home);
  if (wrong != NULL)
    tell(check, wrong, "jobs");
}

static void found_wrong(void *context, const char *where, const char *what)
{
  tell(context, what, where);
}

static void look_deep(struct check *check)
{
  struct audit_result result = {0};
  enum err_code code = core_audit(check->core, found_wrong, check, &result, &check->err);
  if (code != ERR_OK && code != ERR_INTEGRITY)
    must(check, code, "the deep look");
  int64_t known = book_count(check->book, DEED_PERSON, DEED_DONE);
  int64_t unknown = book_count(check->book, DEED_PERSON, DEED_ASKED) +
                    book_count(check->book, DEED_PERSON, DEED_DROPPED);
  int64_t erased = book_count(check->book, DEED_ERASE, DEED_DONE);
  int64_t perhaps = book_count(check->book, DEED_ERASE, DEED_ASKED) +
                    book_count(check->book, DEED_ERASE, DEED_DROPPED);
  tell_range(check, "persons in all", 0, result.persons, known - erased - perhaps,
             known - erased + unknown);
}

static void look(struct check *check)
{
  must(check, home_jobs(check->home, &check->err), "jobs");
  see_all_values(check);
  see_spool(check);
  look_at_deeds(check);
  look_at_persons(check);
  look_at_uses(check);
  look_at_jobs(check);
  look_deep(check);
}

int check_run(struct book *book, bool is_last)
{
  struct check check = {.book = book, .is_last = is_last, .err = ERR_INIT};
  check.seen = calloc(HANDS, sizeof *check.seen);
  if (check.seen == NULL)
    return EXIT_FAILED;
  enum err_code code = home_open(book->home, &check.home, &check.err);
  must(&check, code, "opening the home");
  if (code == ERR_OK) {
    check.core = home_core(check.home);
    check.store = core_store(check.core);
    look(&check);
    home_close(check.home);
  }
  free(check.seen);
  return check.wrong == 0 ? 0 : EXIT_FAILED;
}

// ── The clock ───────────────────────────────────────────────────────────────────────────────

static const struct book *clock_book;

void check_clock(const struct book *book) { clock_book = book; }

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
  int result = __real_clock_gettime(clock, time);
  if (result == 0 && clock_book != NULL)
    time->tv_sec += atomic_load(&clock_book->ahead_us) / CLOCK_SECOND_US;
  return result;
}
