#define _GNU_SOURCE  // mkdtemp
#include "home_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../base/temporary.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(enum err_code code, const struct err *err)
{
  if (code != ERR_OK)
    fail_msg("%s: %s (%s)", err_id(code), err->message, err->where);
}

struct home_world *home_world_begin(void)
{
  struct home_world *world = calloc(1, sizeof *world);
  assert_non_null(world);
  assert_true(temporary_folder("home", world->root));
  snprintf(world->folder, sizeof world->folder, "%s/home", world->root);
  struct home_make_options options = {
      .folder = world->folder, .origin = "test.example/home", .node = 1};
  must(home_make(&options, &world->err), &world->err);
  home_world_open(world);
  static const struct policy_edit none = {NULL, NULL};
  home_world_activate(world, &none);
  return world;
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
  (void)stat;
  (void)type;
  (void)walk;
  return remove(path);
}

void home_world_end(struct home_world *world)
{
  home_world_close(world);
  nftw(world->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  free(world);
}

void home_world_open(struct home_world *world)
{
  must(home_open(world->folder, &world->home, &world->err), &world->err);
}

void home_world_close(struct home_world *world)
{
  home_close(world->home);
  world->home = NULL;
}

// ── The policy ──────────────────────────────────────────────────────────────────────────────

static void read_policy(struct str *ret_text)
{
  char bytes[4096];
  FILE *file = fopen(FORVAR_SOURCE_ROOT "/test/thread/framsteget.yaml", "rb");
  assert_non_null(file);
  for (size_t length; (length = fread(bytes, 1, sizeof bytes, file)) > 0;)
    str_add(ret_text, view_bytes(bytes, length));
  fclose(file);
}

static void edit(struct str *text, const struct policy_edit *edit)
{
  OWNED(str) struct str changed = STR_INIT(POLICY_BYTES_MAX);
  const char *at = strstr(str_text(text), edit->from);
  if (at == NULL)
    fail_msg("the policy does not hold \"%s\"", edit->from);
  str_add(&changed, view_bytes(text->bytes, (size_t)(at - text->bytes)));
  str_add(&changed, view_of(edit->to));
  str_add(&changed, view_of(at + strlen(edit->from)));
  str_clear(text);
  str_add(text, str_view(&changed));
}

static enum err_code activate(void *context, struct core *core, struct err *err)
{
  struct policy_activate_input input = {"framsteget.yaml", str_view(context)};
  struct policy_activate_output output;
  struct operation operation = OPERATION(&verb_policy_activate, &input, &output);
  enum err_code code = core_perform(core, &operation, err);
  return code != ERR_OK ? code : core_policy_changed(core, err);
}

void home_world_activate(struct home_world *world, const struct policy_edit *edits)
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  read_policy(&text);
  for (; edits->from != NULL; edits++)
    edit(&text, edits);
  must(home_lead(world->home, activate, &text, &world->err), &world->err);
}

const struct policy *home_world_policy(const struct home_world *world)
{
  return core_policy(home_core(world->home));
}

// ── What happens ────────────────────────────────────────────────────────────────────────────

enum err_code home_world_perform(struct home_world *world, const struct verb *verb,
                                 const void *input, void *output)
{
  struct operation operation = OPERATION(verb, input, output);
  world->err = (struct err)ERR_INIT;
  return home_perform(world->home, &operation, &world->err);
}

void home_world_do(struct home_world *world, const struct verb *verb, const void *input,
                   void *output)
{
  must(home_world_perform(world, verb, input, output), &world->err);
}

struct person_id home_world_customer(struct home_world *world)
{
  struct person_add_input person = {0};
  struct person_add_output added;
  struct thing_add_output thing;
  home_world_do(world, &verb_person_add, &person, &added);
  struct thing_add_input contract = {
      added.person, policy_thing(home_world_policy(world), VIEW_LITERAL("contract")), {0}, 0};
  home_world_do(world, &verb_thing_add, &contract, &thing);
  return added.person;
}

void home_world_put(struct home_world *world, const struct record_put_input *input)
{
  struct record_put_output output;
  home_world_do(world, &verb_record_put, input, &output);
}
