#include "serve.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "core/use.h"
#include "deed.h"
#include "home/home.h"
#include "http.h"
#include "vault/vault.h"

enum {
  EXIT_FAILED = 1,
  AWAY_WAIT_MS = 5,     // how long a client waits for a database that is away
  STEWARD_WAIT_MS = 2,  // between two looks at what is due
  NEWCOMERS_PER_ROUND_MAX = 1,
};

struct worker {
  struct doer doer;
  int hand;
  int sign;
  uint64_t random;
  bool is_over;  // the server is gone
  pthread_t thread;
};

// Ends the whole process: an answer that must not come has come.
static _Noreturn void die(const char *what, const struct err *err)
{
  fprintf(stderr, "kill: %s: %s: %s (%s) %s\n", what, err_id(err->code), err->message, err->where,
          err->hint);
  _exit(EXIT_FAILED);
}

static uint64_t chance(struct worker *worker) { return book_random(&worker->random); }

// ── One deed ────────────────────────────────────────────────────────────────────────────────

static void count_answer(struct worker *worker, const struct deed *deed)
{
  static const char byte = 'a';
  struct book *book = worker->doer.book;
  if (atomic_load(&book->only_uses) && deed->kind != DEED_USE && deed->kind != DEED_KEPT)
    return;
  int64_t answers = atomic_fetch_add(&book->answers, 1) + 1;
  if (answers >= atomic_load(&book->sign_at) &&
      atomic_exchange(&book->sign_at, BOOK_NO_SIGN) != BOOK_NO_SIGN)
    (void)!write(worker->sign, &byte, 1);
}

// A database that dies under us makes answers unknown; a client asks again.
static bool is_asked_again(const struct worker *worker, enum err_code code)
{
  bool again = worker->doer.book->database_dies && err_may_retry(code);
  if (again)
    (void)poll(NULL, 0, AWAY_WAIT_MS);
  return again;
}

// Nothing can be done to a person who was erased, nor be sent to one who has left.
static bool may_be_refused(const struct worker *worker, const struct deed *deed, enum err_code code)
{
  const struct book *book = worker->doer.book;
  if (code == ERR_NOT_FOUND)
    return book_was_asked(book, DEED_ERASE, deed->person);
  return code == ERR_REFUSED && deed->kind == DEED_MESSAGE &&
         book_was_asked(book, DEED_ENDED, deed->person);
}

static void carry_out(struct worker *worker, struct deed *deed, bool is_repeated)
{
  struct err err = ERR_INIT;
  enum err_code code = deed_do(&worker->doer, deed, &err);
  while (is_asked_again(worker, code)) {
    if (!deed_is_repeatable(deed->kind)) {
      deed_set(deed, DEED_DROPPED);
      return;
    }
    is_repeated = true;
    code = deed_do(&worker->doer, deed, &err);
  }
  if (code == ERR_OK) {
    deed_set(deed, DEED_DONE);
    count_answer(worker, deed);
    return;
  }
  worker->is_over = code == ERR_CRASHED;
  if (worker->is_over)
    return;
  if (!may_be_refused(worker, deed, code))
    die(deed_kind_name(deed->kind), &err);
  // The first try may have been done before the person was erased.
  deed_set(deed, is_repeated ? DEED_DROPPED : DEED_REFUSED);
}

// The answer that was owed when the process died: most ask again, some never come back.
static void carry_on(struct worker *worker)
{
  struct hand *hand = &worker->doer.book->hands[worker->hand];
  for (int i = 0; i < atomic_load(&hand->count) && !worker->is_over; i++) {
    struct deed *deed = &hand->deeds[i];
    if (deed_state(deed) != DEED_ASKED)
      continue;
    if (deed_is_repeatable(deed->kind) && chance(worker) % 4 != 0)
      carry_out(worker, deed, true);
    else
      deed_set(deed, DEED_DROPPED);
  }
}

// NULL: the book is full, or the answer was no.
static const struct deed *do_next(struct worker *worker, struct deed like)
{
  struct deed *deed = book_ask(worker->doer.book, worker->hand, &like);
  if (deed == NULL)
    return NULL;
  carry_out(worker, deed, false);
  return deed_state(deed) == DEED_DONE ? deed : NULL;
}

static bool goes_on(const struct worker *worker)
{
  return !worker->is_over && atomic_load(&worker->doer.book->hands[worker->hand].count) < DEEDS_MAX;
}

// ── The hands ───────────────────────────────────────────────────────────────────────────────

static const struct deed *pick(struct worker *worker, enum deed_kind kind)
{
  return book_pick(worker->doer.book, HAND_PEOPLE, kind, chance(worker));
}

static int64_t some_customer(struct worker *worker)
{
  uint64_t nth = chance(worker) % CUSTOMERS;
  return book_pick(worker->doer.book, HAND_PEOPLE, DEED_PERSON, nth)->person;
}

static void write_values(struct worker *worker)
{
  static const enum deed_kind mix[] = {DEED_IP, DEED_IP,  DEED_IP, DEED_IP,
                                       DEED_IP, DEED_USE, DEED_IP, DEED_KEPT};
  while (goes_on(worker)) {
    enum deed_kind kind = mix[chance(worker) % ARRAY_COUNT(mix)];
    if (!deed_can(&worker->doer, kind))
      kind = DEED_USE;
    (void)do_next(worker, (struct deed){.kind = kind, .person = some_customer(worker)});
  }
}

// A customer; every second one left long ago.
static void add_newcomer(struct worker *worker)
{
  const struct deed *person = do_next(worker, (struct deed){.kind = DEED_PERSON});
  if (person == NULL)
    return;
  const struct deed *contract =
      do_next(worker, (struct deed){.kind = DEED_CONTRACT, .person = person->person});
  if (contract == NULL)
    return;
  (void)do_next(worker, (struct deed){.kind = DEED_CONTACT, .person = person->person});
  if (chance(worker) % 2 == 0)
    (void)do_next(
        worker,
        (struct deed){.kind = DEED_ENDED, .person = person->person, .thing = contract->thing});
}

static void add_people(struct worker *worker)
{
  for (int i = 0; i < NEWCOMERS_PER_ROUND_MAX && goes_on(worker); i++)
    add_newcomer(worker);
  while (goes_on(worker)) {
    const struct deed *contract =
        book_pick(worker->doer.book, HAND_PEOPLE, DEED_CONTRACT, chance(worker) % CUSTOMERS);
    const struct deed *order = do_next(
        worker,
        (struct deed){.kind = DEED_ORDER, .person = contract->person, .parent = contract->thing});
    if (order != NULL)
      (void)do_next(
          worker,
          (struct deed){.kind = DEED_ORDER_DONE, .person = order->person, .thing = order->thing});
  }
}

static void send_and_erase(struct worker *worker)
{
  const struct book *book = worker->doer.book;
  for (int i = 1; goes_on(worker); i++) {
    const struct deed *contact = pick(worker, DEED_CONTACT);
    if (i % 4 != 0)
      (void)do_next(worker, (struct deed){.kind = DEED_MESSAGE, .person = contact->person});
    else if (!book_is_customer(contact) && !book_was_asked(book, DEED_ERASE, contact->person))
      (void)do_next(worker, (struct deed){.kind = DEED_ERASE, .person = contact->person});
  }
}

static void run_jobs(struct worker *worker)
{
  struct err err = ERR_INIT;
  enum err_code code = home_jobs(worker->doer.home, &err);
  if (code != ERR_OK && !is_asked_again(worker, code))
    die("jobs", &err);
}

static void keep_house(struct worker *worker)
{
  enum deed_kind kind = worker->doer.book->round % 2 == 0 ? DEED_POLICY : DEED_EPOCH;
  run_jobs(worker);
  if (goes_on(worker))
    (void)do_next(worker, (struct deed){.kind = kind});
  for (;;) {
    run_jobs(worker);
    (void)poll(NULL, 0, STEWARD_WAIT_MS);
  }
}

static void *work(void *context)
{
  struct worker *worker = context;
  carry_on(worker);
  switch (worker->hand) {
    case HAND_PEOPLE:
      add_people(worker);
      break;
    case HAND_MAIL:
      send_and_erase(worker);
      break;
    case HAND_STEWARD:
      keep_house(worker);
      break;
    default:
      write_values(worker);
  }
  return NULL;
}

// ── The process ─────────────────────────────────────────────────────────────────────────────

static struct home *open_home(const struct book *book)
{
  struct err err = ERR_INIT;
  struct home *home = NULL;
  if (home_open(book->home, &home, &err) != ERR_OK)
    die("opening the home", &err);
  return home;
}

// A hand with what it works through.
static void equip(struct worker *worker, struct book *book, struct home *home, int hand, int sign)
{
  struct err err = ERR_INIT;
  *worker = (struct worker){.doer = {.book = book, .home = home, .connection = -1},
                            .hand = hand,
                            .sign = sign,
                            .random = book->seed + (uint64_t)book->round * HANDS + (uint64_t)hand};
  if (home != NULL && hand < WRITERS && home_reader(home, &worker->doer.reader, &err) != ERR_OK)
    die("opening a reader", &err);
  if (home == NULL)
    worker->doer.connection = http_connect(book);
  worker->is_over = atomic_load(&book->is_killed);
  if (home == NULL && worker->doer.connection < 0 && !worker->is_over) {
    (void)err_set(&err, ERR_SYSTEM, "the server does not listen");
    die("connecting", &err);
  }
}

static void run_hands(struct book *book, struct home *home, int count, int sign)
{
  struct worker workers[HANDS];
  struct err err = ERR_INIT;
  for (int hand = 0; hand < count; hand++)
    equip(&workers[hand], book, home, hand, sign);
  (void)err_set(&err, ERR_SYSTEM, "no thread can be made");
  for (int hand = 0; hand < count; hand++)
    if (pthread_create(&workers[hand].thread, NULL, work, &workers[hand]) != 0)
      die("starting", &err);
  for (int hand = 0; hand < count; hand++)
    (void)pthread_join(workers[hand].thread, NULL);
}

int serve_run(struct book *book, int sign)
{
  struct home *home = open_home(book);
  struct err err = ERR_INIT;
  const char *unfinished = check_jobs(home);
  if (unfinished != NULL) {
    (void)err_set(&err, ERR_CONFLICT, "%s", unfinished);
    die("opening the home", &err);
  }
  run_hands(book, home, HANDS, sign);
  return EXIT_FAILED;  // the steward never ends
}

int serve_ask(struct book *book, int sign)
{
  run_hands(book, NULL, HAND_PEOPLE + 1, sign);
  return 0;
}

static void add_services(struct book *book, struct home *home)
{
  struct err err = ERR_INIT;
  const struct policy *policy = core_policy(home_core(home));
  static const char *const names[] = {"support", "security"};
  char *tokens[] = {book->support_token, book->security_token};
  for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
    char token[SERVICE_TOKEN_BYTES];
    if (home_service_add(home, names[i], policy_role(policy, view_of(names[i])), -1, token, &err) !=
        ERR_OK)
      die("adding a service", &err);
    memcpy(tokens[i], token, sizeof token);
  }
  memcpy(book->id_key, vault_public_id_key(core_vault(home_core(home))), sizeof book->id_key);
}

int serve_prepare(struct book *book)
{
  struct err err = ERR_INIT;
  char outward[sizeof book->home + 10];
  (void)snprintf(outward, sizeof outward, "%s.heads", book->home);
  struct home_make_options options = {
      .folder = book->home,
      .store_uri = book->store_uri[0] == '\0' ? NULL : book->store_uri,
      .origin = "kill.example/forvar",
      .outward = outward,
      .node = 1,
  };
  if (home_make(&options, &err) != ERR_OK)
    die("making the home", &err);
  struct worker worker = {.doer = {.book = book, .home = open_home(book)}, .hand = HAND_STEWARD};
  (void)do_next(&worker, (struct deed){.kind = DEED_POLICY});
  worker.hand = HAND_PEOPLE;
  for (int i = 0; i < CUSTOMERS; i++) {
    int64_t person = do_next(&worker, (struct deed){.kind = DEED_PERSON})->person;
    (void)do_next(&worker, (struct deed){.kind = DEED_CONTRACT, .person = person});
    (void)do_next(&worker, (struct deed){.kind = DEED_CONTACT, .person = person});
  }
  add_services(book, worker.doer.home);
  home_close(worker.doer.home);
  return 0;
}
