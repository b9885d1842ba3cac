// Förvar as a library: a company's privacy policy, run inside your own program.
//
//   struct forvar *forvar = NULL;
//   struct forvar_error error;
//   if (forvar_open("/srv/forvar", &forvar, &error) != FORVAR_OK)
//     ... error.message, error.hint
//   struct forvar_use use = {.person = id, .role = "security", .purpose = "security",
//                            .field = "traffic.ip"};
//   if (forvar_use(forvar, &use, print_value, NULL, &error) == FORVAR_REFUSED)
//     ... error.reason, error.where (line of the policy), error.rule (article)
//   forvar_close(forvar);
//
// One process owns a home; within it every function may be called from any thread. Texts are
// UTF-8 and NUL-terminated; ids are the outer ones, such as "p_9arpjxgtmskah". A call that comes
// back with FORVAR_OK is durable, and so is the entry of every decision, also of a refusal.
//
// What the library enforces is as strong as the program that calls it: whoever can read the
// process's memory or the company key is past it. Run the server under a user of its own where
// that matters.
#ifndef FORVAR_H
#define FORVAR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FORVAR_EXPORT __attribute__((visibility("default")))

enum forvar_result {
  FORVAR_OK = 0,
  FORVAR_FAILED = 1,     // I/O, memory, keys, a clock that jumped
  FORVAR_INPUT = 2,      // a value is not of its form, a limit is exceeded
  FORVAR_NOT_FOUND = 5,  // person, thing or home
  FORVAR_CONFLICT = 6,   // exists already, moved meanwhile, key used for another request
  FORVAR_REFUSED = 7,    // by the policy or by law
  FORVAR_BUSY = 11,      // try again, with the same operation key
  FORVAR_BROKEN = 12     // stored data is not what was recorded
};

enum { FORVAR_ID_BYTES = 20, FORVAR_OPERATION_KEY_BYTES = 16 };

struct forvar;

struct forvar_error {
  char id[32];        // stable, such as "refused" or "input"
  char message[320];  // what is wrong; never personal data
  char where[160];    // file, line and column of the policy, or the object
  char hint[240];     // what to do
  char rule[96];      // the article that a refusal rests on
  char reason[32];    // of a refusal: "ended", "not_collected_for" …
};

// Opens a home that `forvar init` made and takes it for this process.
FORVAR_EXPORT enum forvar_result forvar_open(const char *folder, struct forvar **ret_forvar,
                                             struct forvar_error *error);
// Finishes what is queued, signs the log's head and gives the home back. NULL is a no-op.
FORVAR_EXPORT void forvar_close(struct forvar *forvar);

// What is due: heads, deadlines, messages, the sweep. Call it about once a second.
FORVAR_EXPORT enum forvar_result forvar_jobs(struct forvar *forvar, struct forvar_error *error);

// A new person, without data. `ret_id` takes FORVAR_ID_BYTES.
FORVAR_EXPORT enum forvar_result forvar_person_add(struct forvar *forvar, char *ret_id,
                                                   struct forvar_error *error);

// A thing of the person ("contract", "order"), in another one or NULL. `when` is the day or the
// local time of the event that it begins with, NULL for now.
FORVAR_EXPORT enum forvar_result forvar_thing_add(struct forvar *forvar, const char *person,
                                                  const char *type, const char *in,
                                                  const char *when, char *ret_id,
                                                  struct forvar_error *error);
// Something happened to it: "contract.ended", on a day or at a local time, NULL for now.
FORVAR_EXPORT enum forvar_result forvar_event_add(struct forvar *forvar, const char *person,
                                                  const char *thing, const char *event,
                                                  const char *when, struct forvar_error *error);

struct forvar_value {
  const char *field;  // "contact.email"
  const void *bytes;
  size_t length;
};

struct forvar_put {
  const char *person;
  const char *point;  // collection point of the policy
  const char *source;
  const char *thing;     // NULL: none
  const char *obtained;  // local time, NULL: now
  const struct forvar_value *values;
  size_t value_count;  // all of them are written, or none
  // At most once, whatever is repeated: 16 bytes that are yours, NULL for none.
  const unsigned char *operation_key;
};
FORVAR_EXPORT enum forvar_result forvar_put(struct forvar *forvar, const struct forvar_put *put,
                                            struct forvar_error *error);

struct forvar_use {
  const char *person;
  const char *role;
  const char *purpose;
  const char *field;
  const char *thing;  // NULL: any
  int kept;           // not 0: the entry survives a crash of the process at once and a power
                      // loss after 5 ms; else it is durable before the answer
};

// Decides, records, and hands out the values one by one; the bytes live during the callback. A role
// that sees only the mask of the field gets the mask.
FORVAR_EXPORT enum forvar_result forvar_use(struct forvar *forvar, const struct forvar_use *use,
                                            void (*value)(void *context, const void *bytes,
                                                          size_t length),
                                            void *context, struct forvar_error *error);
// Decides and records without opening a value.
FORVAR_EXPORT enum forvar_result forvar_decide(struct forvar *forvar, const struct forvar_use *use,
                                               struct forvar_error *error);

// The ids of the persons who have this value in a field that the policy declares with lookup: yes,
// one by one, at most FORVAR_FOUND_MAX. No value is opened.
enum { FORVAR_FOUND_MAX = 100 };
FORVAR_EXPORT enum forvar_result forvar_find(struct forvar *forvar, const char *field,
                                             const char *value,
                                             void (*person)(void *context, const char *id),
                                             void *context, struct forvar_error *error);

// Erases all of a person at once [GDPR 17(1)]: records, keys, things, messages that wait. Hands out
// the receipt, a JSON text that forvar-verify checks and that says what went, without a value; it
// lives during the callback. NULL: no receipt.
FORVAR_EXPORT enum forvar_result forvar_erase(struct forvar *forvar, const char *person,
                                              void (*receipt)(void *context, const char *text),
                                              void *context, struct forvar_error *error);

#ifdef __cplusplus
}
#endif

#endif
