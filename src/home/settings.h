// HOME/home.conf: what the operator sets, and the policy file may not hold (K16). YAML, strict:
//
//   store: sqlite:data.db             or postgresql://...
//   origin: example.se/forvar         name of the log
//   node: 1                           which server this is, 0 to 127
//   key: company.key                  file of the company key, or credential:NAME for systemd
//   outward: /mnt/elsewhere/heads     folder outside the home that heads are pushed to (optional)
//
// Relative paths are below the home.
#ifndef FORVAR_HOME_SETTINGS_H
#define FORVAR_HOME_SETTINGS_H

#include "base/err.h"

enum { SETTINGS_TEXT_BYTES = 512 };

struct settings {
  char store[SETTINGS_TEXT_BYTES];
  char origin[SETTINGS_TEXT_BYTES];
  char key[SETTINGS_TEXT_BYTES];
  char outward[SETTINGS_TEXT_BYTES];  // empty: none
  int node;
};

// ERR_NOT_FOUND if the folder has no home.conf; ERR_INPUT with file:line:column if it is wrong.
MUST_CHECK enum err_code settings_read(const char *folder, struct settings *ret_settings,
                                       struct err *err);
MUST_CHECK enum err_code settings_write(const char *folder, const struct settings *settings,
                                        struct err *err);

// A path of the settings as the system takes it: absolute ones as they are, others below the
// home. `ret_path` takes SETTINGS_TEXT_BYTES. ERR_LIMIT if it does not fit.
MUST_CHECK enum err_code settings_path(const char *folder, const char *path, char *ret_path,
                                       struct err *err);

#endif
