#include "core/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "policy/law.h"
#include "policy/read.h"
#include "store/rows.h"

const struct policy *policy_list_find(const struct policy_list *list, int64_t version)
{
  for (int32_t i = list->count - 1; i >= 0; i--)
    if (list->items[i]->version == version)
      return list->items[i];
  return NULL;
}

enum err_code policy_list_compile(const struct policy_list *list, const char *file_name,
                                  struct view text, struct policy **ret_policy, struct err *err)
{
  const struct policy_compiler *compiler = &list->compiler;
  if (compiler->compile != NULL)
    return compiler->compile(compiler->context, file_name, text, ret_policy, err);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  return policy_read(file_name, text, ret_policy, &findings, err);
}

void policy_list_clear(struct policy_list *list)
{
  for (int32_t i = 0; i < list->count; i++)
    policy_free(list->items[i]);
  list->count = 0;
}

struct load {
  struct policy_list *policies;
  struct catalog *catalog;
};

// With other facts of the law a text may no longer be read as it was: that is said, since the text
// itself is as it was activated.
static enum err_code unreadable(const struct policy_row *row, struct err *err)
{
  OWNED(str) struct str law = STR_INIT(LAW_VERSION_BYTES_MAX);
  law_version_write(&law);
  enum err_code code =
      err_set(err, ERR_INTEGRITY, "the stored text of policy version %lld cannot be read any more",
              (long long)row->version);
  return view_equal(row->law, str_view(&law))
             ? code
             : err_hint(err,
                        "it was judged by other facts of the law than those of this program: "
                        "start the program that activated it");
}

// A policy that was activated once is read again from its own text: its hash must be the same,
// or somebody has changed the past.
static enum err_code load_policy(void *context, const struct policy_row *row, struct err *err)
{
  struct load *load = context;
  if (policy_list_find(load->policies, row->version) != NULL)
    return ERR_OK;
  if (load->policies->count >= CORE_POLICIES_MAX)
    return err_set(err, ERR_LIMIT, "a home keeps at most %d policy versions", CORE_POLICIES_MAX);
  struct policy *policy = NULL;
  enum err_code code =
      policy_list_compile(load->policies, "activated policy", row->text, &policy, err);
  if (code != ERR_OK)
    return code == ERR_MEMORY ? code : unreadable(row, err);
  if (policy->version != row->version || row->hash.length != POLICY_HASH_BYTES ||
      memcmp(policy->hash, row->hash.bytes, POLICY_HASH_BYTES) != 0) {
    policy_free(policy);
    return err_set(err, ERR_INTEGRITY, "the stored text of policy version %lld was changed",
                   (long long)row->version);
  }
  load->policies->items[load->policies->count] = policy;
  load->policies->activated_us[load->policies->count] = row->activated_us;
  load->policies->count++;
  return ERR_OK;
}

static enum err_code load_name(void *context, const struct name_row *row, struct err *err)
{
  struct load *load = context;
  if (row->kind < NAME_FIELD || row->kind >= NAME_KIND_END)
    return err_set(err, ERR_INTEGRITY, "the register of names has unknown kind %lld",
                   (long long)row->kind);
  return names_enter(load->catalog->names, (enum name_kind)row->kind, row->number, row->name, err);
}

static enum err_code load_class(void *context, const struct class_row *row, struct err *err)
{
  struct load *load = context;
  return class_enter(&load->catalog->classes, row, err);
}

const struct policy *policy_list_in_force(const struct policy_list *list, int64_t now_us)
{
  const struct policy *found = NULL;
  for (int32_t i = 0; i < list->count; i++)
    if (list->items[i]->effective_us <= now_us &&
        (found == NULL || list->items[i]->version > found->version))
      found = list->items[i];
  return found;
}

static enum err_code bind_class(struct catalog *catalog, const struct policy_list *policies,
                                int64_t class_id, struct err *err)
{
  struct class_info *info = class_get(&catalog->classes, class_id);
  const struct policy *told = policy_list_find(policies, info->row.policy_version);
  if (told == NULL || catalog->policy == NULL)
    return err_set(err, ERR_INTEGRITY, "class %lld names policy version %lld, which is not there",
                   (long long)class_id, (long long)info->row.policy_version);
  class_bind(info, catalog->names, told, catalog->policy);
  return ERR_OK;
}

static enum err_code load_rows(struct store *store, struct load *load, struct err *err)
{
  enum err_code code = store_policy_each(store, load_policy, load, err);
  if (code == ERR_OK)
    code = store_name_each(store, load_name, load, err);
  if (code == ERR_OK)
    code = store_class_each(store, load_class, load, err);
  return code;
}

enum err_code catalog_load(struct store *store, struct policy_list *policies, int64_t now_us,
                           struct catalog *older, struct catalog **ret_catalog, struct err *err)
{
  struct catalog *catalog = calloc(1, sizeof *catalog);
  struct names *names = names_new();
  if (catalog == NULL || names == NULL) {
    free(catalog);
    names_free(names);
    return err_set(err, ERR_MEMORY, "no memory for the register");
  }
  catalog->names = names;
  struct load load = {policies, catalog};
  enum err_code code = load_rows(store, &load, err);
  if (code == ERR_OK) {
    catalog->policy = policy_list_in_force(policies, now_us);
    names_bind(names, catalog->policy);
  }
  for (int32_t id = 1; code == ERR_OK && id <= catalog->classes.count; id++)
    code = bind_class(catalog, policies, id, err);
  if (code != ERR_OK) {
    catalog_free(catalog);
    return code;
  }
  catalog->older = older;
  *ret_catalog = catalog;
  return ERR_OK;
}

void catalog_free(struct catalog *catalog)
{
  while (catalog != NULL) {
    struct catalog *older = catalog->older;
    names_free(catalog->names);
    class_table_clear(&catalog->classes);
    free(catalog);
    catalog = older;
  }
}

enum err_code catalog_add_name(struct catalog *catalog, enum name_kind kind, int32_t number,
                               const char *name, struct err *err)
{
  return names_enter(catalog->names, kind, number, view_of(name), err);
}

enum err_code catalog_add_class(struct catalog *catalog, const struct policy_list *policies,
                                const struct class_row *row, struct err *err)
{
  enum err_code code = class_enter(&catalog->classes, row, err);
  return code != ERR_OK ? code : bind_class(catalog, policies, row->class_id, err);
}
