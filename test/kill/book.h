// What was asked of a home and what was answered, in memory that outlives the process that asks:
// the driver, the serving process that is killed and the process that looks afterwards share it.
//
// Each thread of the serving process is a hand with deeds of its own. A deed is written down as
// asked before the call and as done after the answer, so that at any instant of a kill:
//   done     the answer came: it must be there, once
//   asked    nobody knows: it may be there, once at the most; most are repeated with the same key
//   dropped  asked, and never repeated
//   refused  the answer came and said no: nothing of it may be there
// Everything that a deed writes follows from its hand and its number, so that whoever finds a
// value knows whose it is.
#ifndef FORVAR_TEST_KILL_BOOK_H
#define FORVAR_TEST_KILL_BOOK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  WRITERS = 8,
  HAND_PEOPLE = WRITERS,  // adds persons, things and events
  HAND_MAIL,              // stages messages and erases persons
  HAND_STEWARD,           // jobs, changes of the policy and of the epoch
  HANDS,
  DEEDS_MAX = 16384,   // of one hand
  CUSTOMERS = 16,      // made before the first round, by the first deeds of HAND_PEOPLE
  CUSTOMER_DEEDS = 3,  // of each: person, contract, contact
};

enum deed_kind {
  DEED_PERSON = 1,
  DEED_CONTRACT,  // of a person; makes a customer
  DEED_CONTACT,   // name and e-mail address
  DEED_ENDED,     // the contract ended long ago: the contact is due for the sweep
  DEED_ORDER,     // a thing in the contract
  DEED_ORDER_DONE,
  DEED_IP,
  DEED_USE,   // durable
  DEED_KEPT,  // kept mode
  DEED_MESSAGE,
  DEED_ERASE,
  DEED_POLICY,
  DEED_EPOCH,
  DEED_KIND_END
};

enum deed_state { DEED_FREE, DEED_ASKED, DEED_DONE, DEED_DROPPED, DEED_REFUSED };

struct deed {
  _Atomic int state;  // enum deed_state; everything else is written before it
  enum deed_kind kind;
  int hand, number;
  int64_t person;  // the answer of DEED_PERSON
  int64_t thing;   // the answer of DEED_CONTRACT and DEED_ORDER; what else it is about
  int64_t parent;  // of an order
  int64_t answer;  // number of the message, version of the policy, epoch
};

struct hand {
  _Atomic int count;
  struct deed deeds[DEEDS_MAX];
};

#define BOOK_NO_SIGN INT64_MAX

struct book {
  char home[200];       // folder
  char store_uri[200];  // empty: SQLite
  bool is_http;         // served by the program forvar; else by the library in a process of ours
  char socket[100];     // of the server
  char support_token[80], security_token[80];
  unsigned char id_key[16];  // leads from ids inside to ids outside
  uint64_t seed;
  int round;
  bool database_dies;       // in this round: what is lost on the way is asked again
  _Atomic int64_t answers;  // that came in this round,
  _Atomic bool only_uses;   // from now on those to uses alone, which come through other connections
  _Atomic int64_t sign_at;  // how many of them the driver waits for; BOOK_NO_SIGN: for none
  _Atomic bool is_killed;   // the server of this round: whoever tries to reach it gives up
  _Atomic int64_t ahead_us;  // how far the clock of this test runs ahead of the machine's
  struct hand hands[HANDS];
};

struct book *book_new(void);  // NULL if memory is out

// The next deed of a hand, written down as asked; NULL if there is no room. `like` gives kind,
// person, thing and parent.
struct deed *book_ask(struct book *book, int hand, const struct deed *like);
void deed_set(struct deed *deed, enum deed_state state);
enum deed_state deed_state(const struct deed *deed);

// The nth deed of a kind that was done by a hand, counted over and over; NULL if there is none.
const struct deed *book_pick(const struct book *book, int hand, enum deed_kind kind, uint64_t nth);
// Was it ever asked to erase the person, or told that the contract ended?
bool book_was_asked(const struct book *book, enum deed_kind kind, int64_t person);
// Does this deed of HAND_PEOPLE belong to one of the customers of the beginning, who stay?
bool book_is_customer(const struct deed *deed);
int64_t book_count(const struct book *book, enum deed_kind kind, enum deed_state state);

// What a deed writes. `ret_text` takes DEED_TEXT_BYTES.
enum { DEED_TEXT_BYTES = 64, DEED_KEY_BYTES = 16 };
void deed_key(const struct deed *deed, unsigned char ret_key[DEED_KEY_BYTES]);
void deed_address(const struct deed *deed, char *ret_text);
void deed_ip(const struct deed *deed, char *ret_text);
void deed_payload(const struct deed *deed, char *ret_text);
// The deed that a value or a payload comes from; NULL if from none. Both read what they wrote.
struct deed *book_of_ip(struct book *book, const char *text);
struct deed *book_of_payload(struct book *book, const char *text);

// Seeded numbers, the same for the same seed. One for each thread.
uint64_t book_random(uint64_t *state);

#endif
