// Making, opening and closing a home's core, and what readers see of it.
#include "core/core.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/internal.h"
#include "ledger/kept.h"
#include "store/store.h"

#define OUTWARD_FILE "heads.log"

// ── Head ────────────────────────────────────────────────────────────────────────────────────

void head_pack(const struct head *head, unsigned char ret[HEAD_BYTES])
{
  struct bytes bytes = bytes_over(ret, HEAD_BYTES);
  bytes_i64(&bytes, head->time_us);
  bytes_i64(&bytes, head->counter);
  bytes_i64(&bytes, head->kept_position);
  bytes_i64(&bytes, head->state_index);
  bytes_i64(&bytes, head->clock_stopped);
  bytes_add(&bytes, head->persons, sizeof head->persons);
  bytes_add(&bytes, head->catalog, sizeof head->catalog);
  POST(bytes.length == HEAD_BYTES);
}

enum err_code head_unpack(struct view bytes, struct head *ret, struct err *err)
{
  if (bytes.length != HEAD_BYTES)
    return err_set(err, ERR_INTEGRITY, "the head row of the home has %zu bytes, not %d",
                   bytes.length, HEAD_BYTES);
  const unsigned char *at = (const unsigned char *)bytes.bytes;
  ret->time_us = bytes_get_i64(at);
  ret->counter = bytes_get_i64(at + 8);
  ret->kept_position = bytes_get_i64(at + 16);
  ret->state_index = bytes_get_i64(at + 24);
  ret->clock_stopped = bytes_get_i64(at + 32);
  memcpy(ret->persons, at + 40, sizeof ret->persons);
  memcpy(ret->catalog, at + 40 + VAULT_DIGEST_BYTES, sizeof ret->catalog);
  return ERR_OK;
}

void head_digest(const struct head *head, unsigned char ret_digest[VAULT_DIGEST_BYTES])
{
  memcpy(ret_digest, head->persons, VAULT_DIGEST_BYTES);
  digest_add(ret_digest, head->catalog);
}

// ── Loading ─────────────────────────────────────────────────────────────────────────────────

struct edge {  // what is read off the log
  struct tree tree;
  struct core *core;
  unsigned char digest[VAULT_DIGEST_BYTES];  // of the head row
  bool state_seen;
};

// Goes on with the tree and refuses a log that does not add up: rows without a gap, each with
// the root that its entries give, and the STATE entry that the head row names.
static enum err_code load_ledger_row(void *context, const struct ledger_row *row, struct err *err)
{
  struct edge *edge = context;
  bool fits = row->first == edge->tree.size && row->count > 0 &&
              row->count <= LEDGER_BATCH_ENTRIES_MAX &&
              row->entries.length == (size_t)row->count * LEDGER_ENTRY_BYTES &&
              row->root.length == LEDGER_HASH_BYTES;
  const char *entries = row->entries.bytes;
  for (int64_t i = 0; fits && i < row->count; i++) {
    tree_append(&edge->tree, entries + i * LEDGER_ENTRY_BYTES, LEDGER_ENTRY_BYTES);
    const struct head *head = &edge->core->head;
    if (row->first + i == head->state_index)
      edge->state_seen = memcmp(entries + i * LEDGER_ENTRY_BYTES + LEDGER_AT_DETAIL, edge->digest,
                                LEDGER_DETAIL_BYTES) == 0;
  }
  unsigned char root[LEDGER_HASH_BYTES];
  tree_root(&edge->tree, root);
  if (fits && memcmp(root, row->root.bytes, sizeof root) == 0)
    return ERR_OK;
  enum err_code code = err_set(err, ERR_INTEGRITY, "the log does not add up");
  err_where(err, "ledger row first=%lld", (long long)row->first);
  err_hint(err, "run forvar-verify on the home; nothing was changed");
  return code;
}

static enum err_code load_ledger(struct core *core, struct err *err)
{
  struct pin pin;
  enum err_code code = pin_read(core, &pin, err);
  if (code != ERR_OK)
    return code;
  struct edge edge = {.core = core, .tree = pin.tree};
  head_digest(&core->head, edge.digest);
  edge.state_seen = core->head.state_index < pin.size &&
                    core->head.state_index == pin.state_index &&
                    memcmp(edge.digest, pin.digest, sizeof pin.digest) == 0;
  code = store_ledger_each(core->store, core->node, pin.size, load_ledger_row, &edge, err);
  if (code != ERR_OK)
    return code;
  if (edge.tree.size < pin.size || !edge.state_seen) {
    code = err_set(err, ERR_INTEGRITY, "the rows of the home are not those that the log tells of");
    err_where(err, "ledger entry %lld", (long long)core->head.state_index);
    err_hint(err, "the database was changed or put back to an older state; run forvar-verify");
    return code;
  }
  core->tree = edge.tree;
  core->pinned_size = pin.size;
  return ERR_OK;
}

static enum err_code load_meta(struct core *core, struct err *err)
{
  OWNED(str) struct str head = STR_INIT(HEAD_BYTES);
  OWNED(str) struct str origin = STR_INIT(LEDGER_ORIGIN_BYTES_MAX - 1);
  bool has_head = false;
  bool has_origin = false;
  enum err_code code = store_meta_get(core->store, "head", &head, &has_head, err);
  if (code == ERR_OK)
    code = store_meta_get(core->store, "origin", &origin, &has_origin, err);
  if (code != ERR_OK)
    return code;
  if (!has_head || !has_origin) {
    code = err_set(err, ERR_NOT_FOUND, "there is no home in this database");
    err_hint(err, "make one with: forvar init");
    return code;
  }
  signer_init(&core->signer, str_text(&origin), vault_signing_seed(core->vault));
  return head_unpack(str_view(&head), &core->head, err);
}

// core_now_us before there is one: the head is read and not published yet.
static int64_t loaded_now_us(struct core *core)
{
  int64_t machine_us = clock_now_us(&core->clock);
  return machine_us > core->head.time_us ? machine_us : core->head.time_us;
}

enum err_code core_load(struct core *core, struct err *err)
{
  struct err failure = ERR_INIT;
  enum err_code code = store_begin(core->store, STORE_READ, &failure);
  if (code == ERR_OK)
    code = load_meta(core, &failure);
  if (code == ERR_OK)
    code = load_ledger(core, &failure);
  struct catalog *catalog = NULL;
  struct catalog *older = atomic_load(&core->catalog);
  if (code == ERR_OK)
    code =
        catalog_load(core->store, &core->policies, loaded_now_us(core), older, &catalog, &failure);
  store_rollback(core->store);
  if (code != ERR_OK) {
    if (err != NULL)
      *err = failure;
    return code;
  }
  atomic_store_explicit(&core->catalog, catalog, memory_order_release);
  core->next_id = core->head.counter;
  atomic_store(&core->time_us, core->head.time_us);
  cache_committed(core->cache);
  cache_empty(core->cache);
  core->lost = false;
  return ERR_OK;
}

static struct core *core_new(const struct core_options *options)
{
  struct core *core = calloc(1, sizeof *core);
  if (core == NULL)
    return NULL;
  core->store = options->store;
  core->vault = options->vault;
  core->clock = options->clock;
  core->random = options->random;
  core->disk = options->disk;
  core->outward = options->outward;
  core->gather = options->gather;
  core->gather_context = options->gather_context;
  core->node = options->node;
  core->policies.compiler = options->compiler;
  core->last = &core->first;
  INVARIANT(pthread_mutex_init(&core->readers_mutex, NULL) == 0);
  core->cache = cache_new(options->cache_persons_max);
  core->entries = calloc(LEDGER_BATCH_ENTRIES_MAX, sizeof *core->entries);
  return core;
}

// Frees what the core made itself; store and vault stay.
static void core_free(struct core *core)
{
  if (core == NULL)
    return;
  PRE(core->readers == NULL);
  (void)pthread_mutex_destroy(&core->readers_mutex);  // nobody can hold it any more
  cache_free(core->cache);
  catalog_free(atomic_load(&core->catalog));
  policy_list_clear(&core->policies);
  signer_wipe(&core->signer);
  free(core->entries);
  free(core);
}

enum err_code core_open(const struct core_options *options, struct core **ret_core, struct err *err)
{
  struct core *core = core_new(options);
  if (core == NULL || core->cache == NULL || core->entries == NULL) {
    core_free(core);
    return err_set(err, ERR_MEMORY, "no memory for the core");
  }
  enum err_code code = core_load(core, err);
  if (code != ERR_OK) {
    core_free(core);
    return code;
  }
  *ret_core = core;
  return ERR_OK;
}

void core_close(struct core *core)
{
  if (core == NULL)
    return;
  store_close(core->store);
  vault_close(core->vault);
  kept_close(core->kept);
  core_free(core);
}

// ── Making a home ───────────────────────────────────────────────────────────────────────────

static const struct verb home_made = {.name = "home.make", .ledger = LEDGER_OP_HOME};

static enum err_code write_first(struct core *core, const char *origin, struct err *err)
{
  struct batch batch = {.core = core,
                        .head = core->head,
                        .tree = core->tree,
                        .entries = core->entries,
                        .now_us = core->head.time_us,
                        .changed = true};
  struct operation operation = OPERATION(&home_made, NULL, NULL);
  enum err_code code = batch_put_meta(&batch, "origin", view_of(origin), err);
  if (code == ERR_OK)
    code = batch_put_meta(&batch, "public_key",
                          view_bytes(core->signer.public_key, sizeof core->signer.public_key), err);
  if (code == ERR_OK)
    code = batch_log(&batch, &operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                     VIEW_LITERAL("{\"what\":\"home.make\"}"), NULL, err);
  if (code == ERR_OK)
    code = batch_finish(&batch, err);
  arena_clear(&batch.arena);
  return code;
}

enum err_code core_create(const struct core_options *options, const char *origin, struct err *err)
{
  size_t length = strlen(origin);
  if (length == 0 || length >= LEDGER_ORIGIN_BYTES_MAX || strpbrk(origin, " +\n\t") != NULL) {
    enum err_code bad = err_set(err, ERR_INPUT,
                                "the name of the log is empty, too long or has "
                                "a space, tab, plus or line end");
    err_hint(err, "take a domain-like name of the company, such as example.se/forvar");
    return bad;
  }
  struct core *core = core_new(options);
  if (core == NULL || core->cache == NULL || core->entries == NULL) {
    core_free(core);
    return err_set(err, ERR_MEMORY, "no memory for the core");
  }
  signer_init(&core->signer, origin, vault_signing_seed(core->vault));
  core->head = (struct head){.time_us = clock_now_us(&core->clock), .state_index = -1};
  core->head.counter = id_make(core->node, 1);
  tree_init(&core->tree);
  OWNED(str) struct str old = STR_INIT(HEAD_BYTES);
  bool exists = false;
  enum err_code code = store_begin(core->store, STORE_WRITE, err);
  if (code == ERR_OK)
    code = store_meta_get(core->store, "head", &old, &exists, err);
  if (code == ERR_OK && exists)
    code = err_set(err, ERR_EXISTS, "there is a home in this database already");
  if (code == ERR_OK)
    code = write_first(core, origin, err);
  if (code != ERR_OK)
    store_rollback(core->store);
  core_free(core);
  return code;
}

// ── Heads ───────────────────────────────────────────────────────────────────────────────────

static enum err_code store_note(struct core *core, const struct str *note, struct err *err)
{
  struct checkpoint_row row = {core->node, core->tree.size, str_view(note)};
  enum err_code code = store_begin(core->store, STORE_WRITE, err);
  if (code != ERR_OK)
    return code;
  code = store_checkpoint_put(core->store, &row, err);
  if (code == ERR_OK)
    code = store_commit(core->store, err);
  if (code != ERR_OK)
    store_rollback(core->store);
  return code;
}

enum err_code core_checkpoint(struct core *core, struct err *err)
{
  if (core->tree.size == core->pinned_size)
    return ERR_OK;
  unsigned char root[LEDGER_HASH_BYTES];
  tree_root(&core->tree, root);
  OWNED(str) struct str note = STR_INIT(LEDGER_CHECKPOINT_BYTES_MAX);
  checkpoint_write(&core->signer, core->tree.size, root, &note);
  if (!str_ok(&note))
    return err_set(err, ERR_MEMORY, "no memory for a checkpoint");
  enum err_code code = store_note(core, &note, err);
  if (code == ERR_OK)
    code = pin_write(core, &note, err);
  if (code != ERR_OK)
    return code;
  core->pinned_size = core->tree.size;
  if (core->outward == NULL)
    return ERR_OK;
  str_add_char(&note, '\n');
  return core->outward->append(core->outward->context, OUTWARD_FILE, str_view(&note), err);
}

// ── What others see ─────────────────────────────────────────────────────────────────────────

struct catalog *core_catalog(const struct core *core)
{
  return atomic_load_explicit(&core->catalog, memory_order_acquire);
}

int64_t core_now_us(struct core *core)
{
  int64_t seen_us = atomic_load_explicit(&core->time_us, memory_order_acquire);
  int64_t machine_us = clock_now_us(&core->clock);
  return machine_us > seen_us ? machine_us : seen_us;
}

int64_t core_due_us(struct core *core)
{
  int64_t now_us = core_now_us(core);
  int64_t machine_us = clock_now_us(&core->clock);
  return machine_us < now_us ? machine_us : now_us;
}

bool core_is_clock_stopped(const struct core *core)
{
  return core->head.clock_stopped == CLOCK_STOPPED;
}
bool core_is_lost(const struct core *core) { return core->lost; }

const struct policy *core_policy(const struct core *core)
{
  const struct catalog *catalog = core_catalog(core);
  return catalog == NULL ? NULL : catalog->policy;
}

const struct names *core_names(const struct core *core) { return core_catalog(core)->names; }
struct cache *core_cache(const struct core *core) { return core->cache; }
struct vault *core_vault(const struct core *core) { return core->vault; }
struct store *core_store(const struct core *core) { return core->store; }
int64_t core_kept_position(const struct core *core) { return core->head.kept_position; }

void core_attach_kept(struct core *core, struct kept *take_kept)
{
  PRE(core->kept == NULL);
  core->kept = take_kept;
}

struct kept *core_kept(const struct core *core) { return core->kept; }
const struct random_source *core_random(const struct core *core) { return &core->random; }
const char *core_origin(const struct core *core) { return core->signer.origin; }
const unsigned char *core_public_key(const struct core *core) { return core->signer.public_key; }
int core_node(const struct core *core) { return core->node; }
int64_t core_log_size(const struct core *core) { return core->tree.size; }

const struct policy *core_policy_version(const struct core *core, int64_t version)
{
  return policy_list_find(&core->policies, version);
}

const struct class_table *core_classes(const struct core *core)
{
  return &core_catalog(core)->classes;
}
