// Making, opening and closing a home: the place where real seams are wired.
#include "home/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/verbs.h"
#include "home/internal.h"
#include "ledger/kept.h"
#include "store/store.h"
#include "vault/vault.h"

enum {
  HOME_CACHE_PERSONS_MAX = 2000000,
  HOME_WRITER_CACHE_BYTES = 64 * 1024 * 1024,  // inner pages of a million persons, and their index
};

static enum err_code system_error(struct err *err, const char *what, const char *where)
{
  (void)err_system(err, what);
  return err_where(err, "%s", where);
}

// ── Paths ───────────────────────────────────────────────────────────────────────────────────

static enum err_code resolve(struct home *home, struct err *err)
{
  enum err_code code = settings_path(home->folder, "keys", home->key_folder, err);
  if (code == ERR_OK)
    code = settings_path(home->folder, "outbox", home->outbox_folder, err);
  if (code == ERR_OK)
    code = settings_path(home->folder, home->settings.key, home->key_path, err);
  if (code == ERR_OK && home->settings.outward[0] != '\0')
    code = settings_path(home->folder, home->settings.outward, home->outward_folder, err);
  if (code != ERR_OK)
    return code;
  const char *uri = home->settings.store;
  char path[SETTINGS_TEXT_BYTES];
  if (strncmp(uri, "sqlite:", 7) != 0) {
    (void)snprintf(home->store_uri, sizeof home->store_uri, "%s", uri);
    return ERR_OK;
  }
  code = settings_path(home->folder, uri + 7, path, err);
  if (code == ERR_OK)
    (void)snprintf(home->store_uri, sizeof home->store_uri, "sqlite:%s", path);
  return code;
}

struct key_source home_key_source(const struct home *home)
{
  static const char credential[] = "credential:";
  if (strncmp(home->settings.key, credential, sizeof credential - 1) == 0)
    return key_source_credential(home->settings.key + sizeof credential - 1);
  return key_source_file(home->key_path);
}

static struct home *home_new(const char *folder)
{
  struct home *home = calloc(1, sizeof *home);
  if (home == NULL)
    return NULL;
  (void)snprintf(home->folder, sizeof home->folder, "%s", folder);
  home->clock = clock_system();
  home->lock = -1;
  home->last = &home->waiting;
  (void)pthread_mutex_init(&home->mutex, NULL);  // cannot fail on Linux with default attributes
  (void)pthread_cond_init(&home->changed, NULL);
  (void)pthread_cond_init(&home->kept, NULL);
  return home;
}

static void home_free(struct home *home)
{
  if (home->lock >= 0)
    (void)close(home->lock);  // gives the lock back
  free(home->services);
  (void)pthread_cond_destroy(&home->kept);
  (void)pthread_cond_destroy(&home->changed);
  (void)pthread_mutex_destroy(&home->mutex);
  free(home);
}

// ── The lock (K13) ──────────────────────────────────────────────────────────────────────────

static enum err_code busy(int file, struct err *err)
{
  char text[32] = "";
  ssize_t length = pread(file, text, sizeof text - 1, 0);
  text[length < 0 ? 0 : length] = '\0';
  text[strcspn(text, "\n")] = '\0';
  enum err_code code = err_set(err, ERR_BUSY, "the home is in use by process %s", text);
  err_hint(err, "one process owns a home: ask the server over HTTP, or stop it first");
  return code;
}

static enum err_code take_lock(struct home *home, struct err *err)
{
  char path[SETTINGS_TEXT_BYTES];
  enum err_code code = settings_path(home->folder, "lock", path, err);
  if (code != ERR_OK)
    return code;
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return system_error(err, "cannot open the lock of the home", path);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    code = busy(file, err);
    (void)close(file);
    return code;
  }
  char text[32];
  int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
  // Who holds it is a help for people only: failing to say so is no reason to stop.
  if (ftruncate(file, 0) == 0)
    (void)!pwrite(file, text, (size_t)length, 0);
  home->lock = file;
  return ERR_OK;
}

// ── Opening ─────────────────────────────────────────────────────────────────────────────────

static enum err_code open_vault(struct home *home, struct vault **ret_vault, struct err *err)
{
  struct key_source source = home_key_source(home);
  struct disk disk = disk_folder(home->key_folder);
  struct random_source random = random_system();
  return vault_open(&source, &disk, &random, ret_vault, err);
}

static struct core_options core_options_of(struct home *home)
{
  home->outward = disk_folder(home->outward_folder);
  return (struct core_options){
      .clock = home->clock,
      .random = random_system(),
      .disk = disk_folder(home->key_folder),
      .outward = home->outward_folder[0] == '\0' ? NULL : &home->outward,
      .node = home->settings.node,
      .cache_persons_max = HOME_CACHE_PERSONS_MAX,
      .gather = lead_gather,
      .gather_context = home,
  };
}

static enum err_code open_core(struct home *home, struct err *err)
{
  struct core_options options = core_options_of(home);
  struct store_options of_store = {
      .uri = home->store_uri, .cache_bytes = HOME_WRITER_CACHE_BYTES, .node = home->settings.node};
  enum err_code code = open_vault(home, &options.vault, err);
  if (code == ERR_OK)
    code = store_open(&of_store, &options.store, err);
  if (code == ERR_OK)
    code = store_migrate(options.store, err);
  if (code == ERR_OK)
    code = core_open(&options, &home->core, err);
  if (code != ERR_OK) {
    store_close(options.store);
    vault_close(options.vault);
  }
  return code;
}

static enum err_code attach_kept(struct home *home, struct err *err)
{
  char path[SETTINGS_TEXT_BYTES];
  struct kept *kept = NULL;
  enum err_code code = settings_path(home->folder, "kept.ring", path, err);
  if (code == ERR_OK)
    code = kept_open(path, core_kept_position(home->core), &kept, err);
  if (code == ERR_OK)
    core_attach_kept(home->core, kept);
  return code;
}

// What a crash left half-done goes on to the same end (P6).
static enum err_code finish_interrupted(struct home *home, struct err *err)
{
  const struct vault *vault = core_vault(home->core);
  enum err_code code = core_run(home->core, err);
  if (code == ERR_OK)
    code = core_policy_changed(home->core, err);
  if (code == ERR_OK && vault_epoch(vault) != vault_epoch_oldest(vault))
    code = epoch_change(home->core, err);
  return code;
}

enum err_code home_open(const char *folder, struct home **ret_home, struct err *err)
{
  struct clock_source clock = clock_system();
  return home_open_on(folder, &clock, ret_home, err);
}

enum err_code home_open_on(const char *folder, const struct clock_source *clock,
                           struct home **ret_home, struct err *err)
{
  struct home *home = strlen(folder) < SETTINGS_TEXT_BYTES ? home_new(folder) : NULL;
  if (home == NULL)
    return err_set(err, ERR_LIMIT, "the path of the home is too long, or memory is out");
  home->clock = *clock;
  enum err_code code = settings_read(folder, &home->settings, err);
  if (code == ERR_OK)
    code = resolve(home, err);
  if (code == ERR_OK)
    code = take_lock(home, err);
  if (code == ERR_OK)
    code = open_core(home, err);
  if (code == ERR_OK)
    code = attach_kept(home, err);
  if (code == ERR_OK)
    code = finish_interrupted(home, err);
  if (code == ERR_OK)
    code = service_load(home, err);
  if (code == ERR_OK)
    code = flush_begin(home, err);
  if (code != ERR_OK) {
    core_close(home->core);
    home_free(home);
    return code;
  }
  *ret_home = home;
  return ERR_OK;
}

void home_close(struct home *home)
{
  if (home == NULL)
    return;
  flush_end(home);
  struct err ignored = ERR_INIT;
  // Closing goes on whatever fails here: what was acknowledged is durable already, and the next
  // opening finishes the rest.
  if (core_run(home->core, &ignored) == ERR_OK && core_checkpoint(home->core, &ignored) == ERR_OK)
    (void)!store_checkpoint(core_store(home->core), true, &ignored);
  core_close(home->core);
  home_free(home);
}

enum err_code home_around(struct core *core, const char *store_uri, struct home **ret_home,
                          struct err *err)
{
  struct home *home = strlen(store_uri) < SETTINGS_TEXT_BYTES ? home_new("") : NULL;
  if (home == NULL)
    return err_set(err, ERR_LIMIT, "the address of the store is too long, or memory is out");
  home->core = core;
  home->settings.node = core_node(core);
  (void)snprintf(home->store_uri, sizeof home->store_uri, "%s", store_uri);
  enum err_code code = service_load(home, err);
  if (code != ERR_OK) {
    home_free(home);
    return code;
  }
  home_lead_begin(home);
  *ret_home = home;
  return ERR_OK;
}

void home_around_end(struct home *home)
{
  if (home == NULL)
    return;
  home_lead_end(home);
  home_free(home);
}

struct core *home_core(const struct home *home) { return home->core; }
const char *home_folder(const struct home *home) { return home->folder; }

enum err_code home_reader(struct home *home, struct reader **ret_reader, struct err *err)
{
  struct store_options options = {
      .uri = home->store_uri, .read_only = true, .maps_file = true, .node = home->settings.node};
  struct store *store = NULL;
  enum err_code code = store_open(&options, &store, err);
  if (code == ERR_OK)
    code = reader_open(home->core, store, ret_reader, err);
  if (code != ERR_OK)
    store_close(store);
  return code;
}

// ── Making ──────────────────────────────────────────────────────────────────────────────────

static enum err_code make_folder(const char *path, struct err *err)
{
  if (mkdir(path, 0700) == 0 || errno == EEXIST)
    return ERR_OK;
  return system_error(err, "cannot make a folder", path);
}

static enum err_code settings_of(const struct home_make_options *options, struct settings *settings,
                                 struct err *err)
{
  const struct {
    char *to;
    const char *from;
  } texts[] = {
      {settings->store, options->store_uri == NULL ? "sqlite:data.db" : options->store_uri},
      {settings->origin, options->origin},
      {settings->key, options->key_file == NULL ? "company.key" : options->key_file},
      {settings->outward, options->outward == NULL ? "" : options->outward},
  };
  for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
    if (strlen(texts[i].from) >= SETTINGS_TEXT_BYTES)
      return err_set(err, ERR_LIMIT, "a setting is longer than %d bytes", SETTINGS_TEXT_BYTES - 1);
    (void)snprintf(texts[i].to, SETTINGS_TEXT_BYTES, "%s", texts[i].from);
  }
  settings->node = options->node;
  return ERR_OK;
}

static enum err_code make_ring(struct home *home, bool makes_key, struct err *err)
{
  enum err_code code = makes_key ? key_file_create(home->key_path, err) : ERR_OK;
  if (code != ERR_OK)
    return code;
  struct key_source source = home_key_source(home);
  struct disk disk = disk_folder(home->key_folder);
  struct random_source random = random_system();
  struct clock_source clock = clock_system();
  return vault_create(&source, &disk, &random, clock_now_us(&clock), err);
}

static enum err_code make_store(struct home *home, struct err *err)
{
  struct core_options options = core_options_of(home);
  options.gather = NULL;
  struct store_options of_store = {.uri = home->store_uri, .node = home->settings.node};
  enum err_code code = open_vault(home, &options.vault, err);
  if (code == ERR_OK)
    code = store_open(&of_store, &options.store, err);
  if (code == ERR_OK)
    code = store_migrate(options.store, err);
  if (code == ERR_OK)
    code = core_create(&options, home->settings.origin, err);
  store_close(options.store);
  vault_close(options.vault);
  return code;
}

// The settings are written last: a folder without them is no home, and making one there may be
// tried again after what is left has been removed.
static enum err_code make_all(struct home *home, const struct home_make_options *options,
                              struct err *err)
{
  enum err_code code = make_folder(home->folder, err);
  if (code == ERR_OK)
    code = make_folder(home->key_folder, err);
  if (code == ERR_OK)
    code = make_folder(home->outbox_folder, err);
  if (code == ERR_OK && home->outward_folder[0] != '\0')
    code = make_folder(home->outward_folder, err);
  if (code == ERR_OK)
    code = make_ring(home, options->key_file == NULL, err);
  if (code == ERR_OK)
    code = make_store(home, err);
  return code != ERR_OK ? code : settings_write(home->folder, &home->settings, err);
}

// Only what this call made: a company key that was given, or a database elsewhere, stays.
static void remove_made(const struct home *home, bool made_key)
{
  static const char *const files[] = {"data.db", "data.db-wal", "data.db-shm", "lock"};
  char path[SETTINGS_TEXT_BYTES];
  struct err ignored;
  for (size_t i = 0; i < ARRAY_COUNT(files); i++)
    if (settings_path(home->folder, files[i], path, &ignored) == ERR_OK)
      (void)unlink(path);
  if (settings_path(home->key_folder, "ring", path, &ignored) == ERR_OK)
    (void)unlink(path);
  if (made_key)
    (void)unlink(home->key_path);
  (void)rmdir(home->key_folder);
  (void)rmdir(home->outbox_folder);
  (void)rmdir(home->folder);
}

enum err_code home_make(const struct home_make_options *options, struct err *err)
{
  struct settings old;
  struct err ignored;
  enum err_code code = settings_read(options->folder, &old, &ignored);
  if (code != ERR_NOT_FOUND) {
    code = err_set(err, ERR_EXISTS, "there is a home in this folder already");
    err_where(err, "%s", options->folder);
    return code;
  }
  struct home *home =
      strlen(options->folder) < SETTINGS_TEXT_BYTES ? home_new(options->folder) : NULL;
  if (home == NULL)
    return err_set(err, ERR_LIMIT, "the path of the home is too long, or memory is out");
  if (options->clock != NULL)
    home->clock = *options->clock;
  code = settings_of(options, &home->settings, err);
  if (code == ERR_OK)
    code = resolve(home, err);
  if (code == ERR_OK) {
    code = make_all(home, options, err);
    if (code != ERR_OK)
      remove_made(home, options->key_file == NULL && code != ERR_EXISTS);
  }
  home_free(home);
  return code;
}
