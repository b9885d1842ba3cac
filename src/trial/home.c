#define _GNU_SOURCE  // memmem, mkdtemp
#include "trial/home.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/verbs.h"
#include "store/scratch.h"
#include "store/store.h"
#include "trial/grow.h"
#include "vault/key_source.h"
#include "vault/vault.h"

enum { TRIAL_NODE = 1, TRIAL_CACHE_PERSONS = 1024, COPY_BYTES = 64 * 1024 };

#define TRIAL_ORIGIN "trial.example/forvar"

static const unsigned char company_key[VAULT_KEY_BYTES] = {
    't', 'h', 'e', ' ', 'k', 'e', 'y', ' ', 'o', 'f', ' ', 'n', 'o', ' ', 'c', 'o',
    'm', 'p', 'a', 'n', 'y', ',', ' ', 'f', 'o', 'r', ' ', 't', 'e', 's', 't', 's'};

// The parts of an SQLite database on disk. The shared memory of its write-ahead log is not one: a
// process that dies leaves nothing there that the next one needs.
static const char *const database_parts[] = {"", "-wal"};

// ── The ground ──────────────────────────────────────────────────────────────────────────────

// A file system in memory, where syncing costs nothing, if there is one.
static const char *temporary_folder(void)
{
  const char *told = getenv("TMPDIR");
  if (told != NULL && told[0] != '\0')
    return told;
  return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

static enum err_code open_store(const char *uri, struct store **ret_store, struct err *err)
{
  struct store_options options = {.uri = uri, .node = TRIAL_NODE, .is_throwaway = true};
  return store_open(&options, ret_store, err);
}

static enum err_code make_schema(const char *uri, struct err *err)
{
  struct store *store = NULL;
  enum err_code code = open_store(uri, &store, err);
  if (code != ERR_OK)
    return code;
  code = store_migrate(store, err);
  if (code == ERR_OK)
    code = store_checkpoint(store, true, err);
  store_close(store);
  return code;
}

static void template_uri(const struct trial_ground *ground, char ret_uri[TRIAL_PATH_BYTES])
{
  (void)snprintf(ret_uri, TRIAL_PATH_BYTES, "sqlite:%s/template.db", ground->folder);
}

enum err_code trial_ground_make(const char *store_uri, struct trial_ground *ret_ground,
                                struct err *err)
{
  *ret_ground = (struct trial_ground){.store_uri = store_uri};
  if (store_uri != NULL)
    return ERR_OK;
  (void)snprintf(ret_ground->folder, sizeof ret_ground->folder, "%s/forvar-trial-XXXXXX",
                 temporary_folder());
  if (mkdtemp(ret_ground->folder) == NULL) {
    ret_ground->folder[0] = '\0';
    return err_set(err, ERR_SYSTEM, "no temporary folder can be made: %s", strerror(errno));
  }
  char uri[TRIAL_PATH_BYTES];
  template_uri(ret_ground, uri);
  return make_schema(uri, err);
}

static void remove_database(const char *path)
{
  char name[TRIAL_PATH_BYTES + 8];
  for (size_t i = 0; i < ARRAY_COUNT(database_parts); i++) {
    (void)snprintf(name, sizeof name, "%s%s", path, database_parts[i]);
    (void)unlink(name);
  }
  (void)snprintf(name, sizeof name, "%s-shm", path);
  (void)unlink(name);
}

void trial_ground_clear(struct trial_ground *ground)
{
  struct err ignored = ERR_INIT;
  if (ground->store_uri != NULL) {
    // What cannot be removed is made anew by the next run; there is nobody to tell.
    if (store_scratch_drop(ground->store_uri, &ignored) != ERR_OK)
      return;
    return;
  }
  if (ground->folder[0] == '\0')
    return;
  char uri[TRIAL_PATH_BYTES];
  template_uri(ground, uri);
  remove_database(uri + strlen("sqlite:"));
  (void)rmdir(ground->folder);
  ground->folder[0] = '\0';
}

// ── Files ───────────────────────────────────────────────────────────────────────────────────

static enum err_code copy_stream(FILE *from, FILE *to, struct err *err)
{
  static const char failed[] = "a file of a throw-away home cannot be copied";
  char piece[COPY_BYTES];
  size_t count;
  while ((count = fread(piece, 1, sizeof piece, from)) > 0)
    if (fwrite(piece, 1, count, to) != count)
      return err_system(err, failed);
  return ferror(from) == 0 && fflush(to) == 0 ? ERR_OK : err_system(err, failed);
}

// A part that is not there is not copied.
static enum err_code copy_file(const char *from_path, const char *to_path, struct err *err)
{
  FILE *from = fopen(from_path, "rb");
  if (from == NULL && errno == ENOENT)
    return ERR_OK;
  FILE *to = from == NULL ? NULL : fopen(to_path, "wb");
  enum err_code code =
      to == NULL ? err_set(err, ERR_SYSTEM, "%s cannot be copied: %s", from_path, strerror(errno))
                 : copy_stream(from, to, err);
  if (from != NULL)
    (void)fclose(from);
  if (to != NULL)
    (void)fclose(to);
  return code;
}

static enum err_code copy_database(const char *from, const char *to, struct err *err)
{
  for (size_t i = 0; i < ARRAY_COUNT(database_parts); i++) {
    char from_path[TRIAL_PATH_BYTES + 8];
    char to_path[TRIAL_PATH_BYTES + 8];
    (void)snprintf(from_path, sizeof from_path, "%s%s", from, database_parts[i]);
    (void)snprintf(to_path, sizeof to_path, "%s%s", to, database_parts[i]);
    enum err_code code = copy_file(from_path, to_path, err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

// ── Opening ─────────────────────────────────────────────────────────────────────────────────

static void next_path(struct trial_home *home)
{
  (void)snprintf(home->path, sizeof home->path, "%s/home-%d.db", home->ground->folder,
                 (int)++home->ground->homes);
}

static enum err_code store_uri(const struct trial_home *home, bool fresh, struct str *ret_uri,
                               struct err *err)
{
  const char *told = home->ground->store_uri;
  if (told == NULL) {
    str_format(ret_uri, "sqlite:%s", home->path);
    return ERR_OK;
  }
  return fresh ? store_scratch_make(told, ret_uri, err) : store_scratch_uri(told, ret_uri, err);
}

static struct core_options options_of(struct trial_home *home, struct store *store,
                                      struct vault *vault)
{
  return (struct core_options){
      .store = store,
      .vault = vault,
      .clock = clock_virtual(&home->now_us),
      .random = random_from_seed(&home->seeded),
      .disk = memory_disk_seam(&home->memory),
      .node = TRIAL_NODE,
      .cache_persons_max = TRIAL_CACHE_PERSONS,
      .compiler = home->compiler,
  };
}

static enum err_code open_core(struct trial_home *home, struct store *store, struct vault *vault,
                               bool fresh, struct err *err)
{
  struct core_options options = options_of(home, store, vault);
  enum err_code code = fresh ? core_create(&options, TRIAL_ORIGIN, err) : ERR_OK;
  if (code == ERR_OK)
    code = core_open(&options, &home->core, err);
  if (code != ERR_OK)
    return code;
  return reader_open(home->core, NULL, &home->reader, err);
}

// A fresh home has no ring and, on PostgreSQL, no schema yet.
static enum err_code start(struct trial_home *home, bool fresh, struct err *err)
{
  OWNED(str) struct str uri = STR_INIT(TRIAL_URI_BYTES_MAX);
  struct key_source key = key_source_memory(company_key);
  struct disk disk = memory_disk_seam(&home->memory);
  struct random_source random = random_from_seed(&home->seeded);
  enum err_code code = store_uri(home, fresh, &uri, err);
  if (code == ERR_OK && fresh && home->ground->store_uri != NULL)
    code = make_schema(str_text(&uri), err);
  if (code == ERR_OK && fresh)
    code = vault_create(&key, &disk, &random, home->now_us, err);
  struct store *store = NULL;
  struct vault *vault = NULL;
  if (code == ERR_OK)
    code = open_store(str_text(&uri), &store, err);
  if (code == ERR_OK)
    code = vault_open(&key, &disk, &random, &vault, err);
  if (code == ERR_OK)
    code = open_core(home, store, vault, fresh, err);
  if (code == ERR_OK && home->way != NULL) {
    code = home->way->begin(home->way->context, home->core, str_text(&uri), err);
    home->is_way_open = code == ERR_OK;
  }
  if (code != ERR_OK && home->core == NULL) {
    store_close(store);
    vault_close(vault);
  }
  return code;
}

enum err_code trial_home_open(struct trial_home *home, struct trial_ground *ground,
                              const struct trial_home_options *options, struct err *err)
{
  *home = (struct trial_home){.ground = ground,
                              .arena = ARENA_INIT,
                              .now_us = options->start_us,
                              .compiler = options->compiler,
                              .way = options->way};
  random_seeded_init(&home->seeded, options->seed);
  if (ground->store_uri == NULL) {
    char uri[TRIAL_PATH_BYTES];
    template_uri(ground, uri);
    next_path(home);
    enum err_code code = copy_database(uri + strlen("sqlite:"), home->path, err);
    if (code != ERR_OK)
      return code;
  }
  return start(home, true, err);
}

static void stop(struct trial_home *home)
{
  if (home->is_way_open)
    home->way->end(home->way->context);
  home->is_way_open = false;
  reader_close(TAKE(home->reader));
  core_close(TAKE(home->core));
}

void trial_home_close(struct trial_home *home)
{
  stop(home);
  if (home->path[0] != '\0')
    remove_database(home->path);
  memory_disk_clear(&home->memory);
  arena_clear(&home->arena);
}

enum err_code trial_home_activate(struct trial_home *home, const char *file_name, struct view text,
                                  struct err *err)
{
  struct policy_activate_input input = {file_name, text};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  enum err_code code = core_perform(home->core, &operation, err);
  if (code == ERR_OK)
    code = core_policy_changed(home->core, err);
  if (code != ERR_OK)
    return code;
  if (core_policy(home->core) != NULL)
    return ERR_OK;  // a later version may wait for its day
  code = err_set(err, ERR_CONFLICT, "the policy is not in force before its effective day");
  err_hint(err, "activate it on that day");
  return code;
}

// ── A crash ─────────────────────────────────────────────────────────────────────────────────

// The new process finds the files as the old one left them. They are copied before the old one is
// closed, since closing tidies up what a dying process would leave.
static enum err_code leave_files(struct trial_home *home, struct err *err)
{
  if (home->ground->store_uri != NULL) {
    stop(home);
    return ERR_OK;
  }
  char old[TRIAL_PATH_BYTES];
  memcpy(old, home->path, sizeof old);
  next_path(home);
  enum err_code code = copy_database(old, home->path, err);
  stop(home);
  remove_database(old);
  return code;
}

enum err_code trial_home_crash(struct trial_home *home, struct err *err)
{
  enum err_code code = leave_files(home, err);
  if (code == ERR_OK)
    code = start(home, false, err);
  if (code == ERR_OK)
    code = core_policy_changed(home->core, err);
  const struct vault *vault = code == ERR_OK ? core_vault(home->core) : NULL;
  if (code == ERR_OK && vault_epoch(vault) != vault_epoch_oldest(vault))
    code = epoch_change(home->core, err);
  return code;
}

// ── The network ─────────────────────────────────────────────────────────────────────────────

static enum err_code deliver(void *context, int channel, const char *key, struct view address,
                             struct view payload, struct err *err)
{
  struct trial_home *home = context;
  char *copies[] = {arena_text(&home->arena, view_of(key)), arena_text(&home->arena, address),
                    arena_text(&home->arena, payload)};
  struct trial_delivery *deliveries =
      trial_grow(&home->arena, home->deliveries, home->delivery_count, &home->delivery_capacity,
                 sizeof *deliveries);
  if (deliveries == NULL || copies[0] == NULL || copies[1] == NULL || copies[2] == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a message");
  home->deliveries = deliveries;
  home->deliveries[home->delivery_count++] = (struct trial_delivery){
      channel, home->now_us, view_of(copies[0]), view_bytes(copies[1], address.length),
      view_bytes(copies[2], payload.length)};
  return ERR_OK;
}

struct network trial_home_network(struct trial_home *home)
{
  return (struct network){.deliver = deliver, .context = home};
}

// ── Searching ───────────────────────────────────────────────────────────────────────────────

static enum err_code search_file(const char *path, struct view bytes, bool *ret_found,
                                 struct err *err)
{
  FILE *stream = fopen(path, "rb");
  if (stream == NULL)
    return errno == ENOENT
               ? ERR_OK
               : err_set(err, ERR_SYSTEM, "%s cannot be searched: %s", path, strerror(errno));
  struct stat status;
  char *whole = NULL;
  enum err_code code = ERR_OK;
  size_t length = fstat(fileno(stream), &status) == 0 ? (size_t)status.st_size : 0;
  whole = malloc(length + 1);
  if (whole == NULL)
    code = err_set(err, ERR_MEMORY, "no memory to search %s", path);
  else if (fread(whole, 1, length, stream) != length)
    code = err_set(err, ERR_SYSTEM, "%s cannot be searched: %s", path, strerror(errno));
  else
    *ret_found = memmem(whole, length, bytes.bytes, bytes.length) != NULL;
  free(whole);
  (void)fclose(stream);
  return code;
}

enum err_code trial_home_search(const struct trial_home *home, struct view bytes, bool *ret_found,
                                const char **ret_where, struct err *err)
{
  *ret_found = memory_disk_find(&home->memory, bytes, ret_where);
  if (home->ground->store_uri != NULL)
    return ERR_OK;
  static const char *const names[] = {"the database", "the write-ahead log"};
  for (size_t i = 0; !*ret_found && i < ARRAY_COUNT(database_parts); i++) {
    char path[TRIAL_PATH_BYTES + 8];
    (void)snprintf(path, sizeof path, "%s%s", home->path, database_parts[i]);
    enum err_code code = search_file(path, bytes, ret_found, err);
    if (code != ERR_OK)
      return code;
    *ret_where = names[i];
  }
  return ERR_OK;
}
