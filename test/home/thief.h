// A thief who has copied every file of a home, again and again, and comes back with the keys that
// the home has today. Its own code over the files: it reads the database with SQLite alone, looks
// through raw bytes for keys that no row names any more, and asks the vault only to unwrap with a
// key that is alive. Then it tries each key on each sealed value.
#ifndef FORVAR_TEST_HOME_THIEF_H
#define FORVAR_TEST_HOME_THIEF_H

#include <stdbool.h>

#include "base/ids.h"
#include "vault/vault.h"

struct thief;

struct thief *thief_new(void);
void thief_free(struct thief *thief);

// Copies a home's folder, without keys/ and the company key, to `folder` and looks through it.
void thief_steal(struct thief *thief, const char *home, const char *folder);

// Tries every key of every copy that this vault unwraps on every value of every copy.
void thief_try(struct thief *thief, const struct vault *vault);
// Did the last try open this text? How many texts did it open?
bool thief_opened(const struct thief *thief, const char *text);
int thief_opened_count(const struct thief *thief);
// How many keys the last try found in raw bytes and unwrapped, each as often as it lies there.
int thief_carved_count(const struct thief *thief);

// Can it be shown from a copy and from the keys of this vault that somebody has the address?
bool thief_guessed(const struct thief *thief, const struct vault *vault, const char *address);
// Does some file of some copy hold the text in the clear?
bool thief_read(const struct thief *thief, const char *text);

#endif
