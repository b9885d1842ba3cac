// The seam for the company key: 32 bytes that come from outside the home.
#ifndef FORVAR_VAULT_KEY_SOURCE_H
#define FORVAR_VAULT_KEY_SOURCE_H

#include "base/err.h"

struct key_source {
  // Writes 32 bytes. ERR_KEY with a hint if the key is missing, unreadable or malformed.
  enum err_code (*fetch)(void *context, unsigned char ret_key[32], struct err *err);
  void *context;
};

// A file of 64 hexadecimal digits and a line end (LF, CR LF or none), or of 32 raw bytes. Refused
// (ERR_KEY) unless it is a regular file, not a symbolic link, that belongs to the calling user and
// nobody else may read (mode & 077 == 0). `path` outlives the source.
struct key_source key_source_file(const char *path);

// systemd's LoadCredential: $CREDENTIALS_DIRECTORY/NAME, same forms. The file may also belong to
// root and be readable by the group: systemd stores it so for a service with a user of its own,
// in a folder that nobody else can enter. `name` has no slash and outlives the source.
struct key_source key_source_credential(const char *name);

// Bytes in memory, for tests and the simulator; they outlive the source.
struct key_source key_source_memory(const unsigned char key[32]);

// Makes a key file with fresh random bytes, mode 0600, durable. ERR_EXISTS if the file exists.
MUST_CHECK enum err_code key_file_create(const char *path, struct err *err);

#endif
