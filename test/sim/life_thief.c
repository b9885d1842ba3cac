// A thief copies all files, and comes back later with every key that the home then has: what was
// erased before a whole epoch must not open. And a search of everything that was ever written for
// values in the clear.
#define _GNU_SOURCE  // memmem
#include "life.h"

#include <stdlib.h>
#include <string.h>

#include "core/record.h"
#include "store/store.h"

struct life_loot {
  struct arena arena;
  struct loot_record *records;
  struct loot_key *keys;
};
struct loot_record {
  struct record_row row;
  struct loot_record *next;
};
struct loot_key {
  struct person_key_row row;
  struct loot_key *next;
};

void life_texts_add(struct life_texts *texts, const char *text)
{
  if (texts->count == texts->capacity) {
    texts->capacity = texts->capacity == 0 ? 64 : 2 * texts->capacity;
    texts->texts = realloc(texts->texts, (size_t)texts->capacity * sizeof *texts->texts);
    if (texts->texts == NULL)
      abort();
  }
  texts->texts[texts->count++] = text;
}

// ── The copy ────────────────────────────────────────────────────────────────────────────────

static enum err_code take_record(void *context, const struct record_row *row, struct err *err)
{
  (void)err;
  struct life_loot *loot = context;
  struct loot_record *record = arena_new(&loot->arena, sizeof *record);
  record->row = *row;
  record->row.value = view_bytes(arena_text(&loot->arena, row->value), row->value.length);
  record->next = loot->records;
  loot->records = record;
  return ERR_OK;
}

static enum err_code take_key(void *context, const struct person_key_row *row, struct err *err)
{
  (void)err;
  struct life_loot *loot = context;
  struct loot_key *key = arena_new(&loot->arena, sizeof *key);
  key->row = *row;
  key->row.wrapped = view_bytes(arena_text(&loot->arena, row->wrapped), row->wrapped.length);
  key->next = loot->keys;
  loot->keys = key;
  return ERR_OK;
}

static void loot_free(struct life_loot *loot)
{
  if (loot == NULL)
    return;
  arena_clear(&loot->arena);
  free(loot);
}

static void keep(struct life *life, struct life_loot *loot)
{
  if (life->loot_count == LIFE_LOOT_MAX) {
    int64_t place = life_below(life, LIFE_LOOT_MAX);
    loot_free(life->loot[place]);
    life->loot[place] = loot;
    return;
  }
  life->loot[life->loot_count++] = loot;
}

void life_steal(struct life *life)
{
  char uri[CRASH_VFS_NAME_BYTES + 16] = "sqlite:";
  crash_vfs_copy_name(crash_vfs_copy(life->vfs), "data.db", uri + strlen(uri));
  struct store_options options = {.uri = uri, .vfs = "life", .read_only = true, .node = LIFE_NODE};
  struct store *store = NULL;
  struct err err = ERR_INIT;
  struct life_loot *loot = calloc(1, sizeof *loot);
  if (loot == NULL)
    abort();
  loot->arena = (struct arena)ARENA_INIT;
  enum err_code code = store_open(&options, &store, &err);
  for (int i = 0; code == ERR_OK && i < life->person_count; i++) {
    struct person_id person = life->persons[i].id;
    if (person.value == 0)
      continue;
    code = store_record_each(store, person, -1, take_record, loot, &err);
    if (code == ERR_OK)
      code = store_key_each(store, person, take_key, loot, &err);
  }
  store_close(store);
  if (code != ERR_OK)
    life_complain(life, "P6: a copy of the files cannot be read: %s", err.message);
  keep(life, loot);
}

void life_thief_free(struct life *life)
{
  for (int i = 0; i < life->loot_count; i++)
    loot_free(life->loot[i]);
}

// ── The attack ──────────────────────────────────────────────────────────────────────────────

// The text of the value as the run knows it, so that it outlives the attack.
static const char *known_text(const struct life *life, const char *bytes, size_t length)
{
  for (int i = 0; i < life->value_count; i++) {
    const char *text = life->values[i].text;
    if (strlen(text) == length && memcmp(text, bytes, length) == 0)
      return text;
  }
  return NULL;
}

static const char *try_key(const struct life *life, const struct record_row *row,
                           const struct vault_key *key)
{
  unsigned char value[512];
  struct err err = ERR_INIT;
  struct vault_place place = record_place(row);
  if (row->value.length < VAULT_SEALED_EXTRA_BYTES ||
      row->value.length > sizeof value + VAULT_SEALED_EXTRA_BYTES ||
      vault_unseal(key, &place, row->value, value, &err) != ERR_OK)
    return NULL;
  return known_text(life, (const char *)value, row->value.length - VAULT_SEALED_EXTRA_BYTES);
}

// Keys of the copy that today's ring still unwraps, and today's keys of the same person.
static void attack_record(struct life *life, const struct life_loot *old,
                          const struct life_loot *today, const struct record_row *row,
                          struct life_texts *opened)
{
  const struct loot_key *const lists[] = {old->keys, today->keys};
  for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
    for (const struct loot_key *at = lists[i]; at != NULL; at = at->next) {
      struct vault_key key;
      if (at->row.person.value != record_person(row->record).value || at->row.key != row->key ||
          !life_key_open(life, &at->row, &key))
        continue;
      const char *text = try_key(life, row, &key);
      if (text == NULL)
        continue;
      life_texts_add(opened, text);
      return;
    }
}

void life_attack(struct life *life, struct life_texts *ret_opened)
{
  struct life_loot today = {.arena = ARENA_INIT};
  struct err err = ERR_INIT;
  for (int i = 0; life->loot_count > 0 && i < life->person_count; i++)
    if (life->persons[i].id.value != 0 &&
        store_key_each(core_store(life->core), life->persons[i].id, take_key, &today, &err) !=
            ERR_OK)
      life_complain(life, "P6: the keys cannot be read: %s", err.message);
  for (int i = 0; i < life->loot_count; i++)
    for (const struct loot_record *at = life->loot[i]->records; at != NULL; at = at->next)
      attack_record(life, life->loot[i], &today, &at->row, ret_opened);
  arena_clear(&today.arena);
}

// ── The search ──────────────────────────────────────────────────────────────────────────────

struct search {
  struct life *life;
  struct life_texts *leaks;
};

static void search_image(void *context, const char *name, const unsigned char *bytes, size_t length)
{
  static const char *const marks[] = {"qzx7", "5a5a:5a5a"};
  struct search *search = context;
  struct life *life = search->life;
  for (size_t i = 0; i < ARRAY_COUNT(marks); i++) {
    if (memmem(bytes, length, marks[i], strlen(marks[i])) == NULL)
      continue;
    for (int j = 0; j < life->value_count; j++) {
      const char *text = life->values[j].text;
      if (memmem(bytes, length, text, strlen(text)) != NULL)
        life_texts_add(search->leaks, text);
    }
    if (search->leaks->count == 0)
      life_complain(life, "P7: something in the clear is in the file %s", name);
  }
}

void life_search(struct life *life, struct life_texts *ret_leaks)
{
  struct search search = {life, ret_leaks};
  life->searched = crash_vfs_each_file(life->vfs, life->searched, search_image, &search);
}
