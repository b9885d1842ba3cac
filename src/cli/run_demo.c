// demo: a home to look at, and what to type to see what the program does with it.
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/disk.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/remote.h"
#include "serve/serve.h"
#include "trial/past.h"

#include <sodium.h>

#define NOTES "demo.json"
enum { NOTES_BYTES_MAX = 4096, PEOPLE_MIN = 8, PEOPLE_MAX = 1000000 };

struct demo {
  struct call *call;
  struct past past;
  char key[SERVICE_TOKEN_BYTES];  // of a service, to call over HTTP with
};

// ── Notes: whom the texts are about ─────────────────────────────────────────────────────────

struct note {
  const char *member;
  char *text;
  size_t bytes;
};
enum { NOTE_COUNT = 8 };

static void notes_of(struct demo *demo, struct note ret_notes[NOTE_COUNT])
{
  struct past *past = &demo->past;
  const struct note notes[NOTE_COUNT] = {
      {"customer", past->customer, sizeof past->customer},
      {"swept", past->swept, sizeof past->swept},
      {"former", past->former, sizeof past->former},
      {"leaving", past->leaving, sizeof past->leaving},
      {"late", past->late, sizeof past->late},
      {"late_contract", past->late_contract, sizeof past->late_contract},
      {"late_day", past->late_day, sizeof past->late_day},
      {"key", demo->key, sizeof demo->key},
  };
  memcpy(ret_notes, notes, sizeof notes);
}

static enum err_code write_notes(struct demo *demo, struct err *err)
{
  struct note notes[NOTE_COUNT];
  OWNED(str) struct str text = STR_INIT(NOTES_BYTES_MAX);
  OWNED(document) struct document *document = document_object();
  struct disk disk = disk_folder(demo->call->home_folder);
  notes_of(demo, notes);
  for (int i = 0; i < NOTE_COUNT; i++)
    document_set_text(document, notes[i].member, view_of(notes[i].text));
  enum err_code code = document_write(document, DOCUMENT_PRETTY, &text, err);
  return code != ERR_OK ? code : disk.replace(disk.context, NOTES, str_view(&text), err);
}

// ERR_NOT_FOUND if the folder has no such home.
static enum err_code read_notes(struct demo *demo, struct err *err)
{
  struct note notes[NOTE_COUNT];
  OWNED(str) struct str text = STR_INIT(NOTES_BYTES_MAX);
  OWNED(document) struct document *document = NULL;
  struct disk disk = disk_folder(demo->call->home_folder);
  notes_of(demo, notes);
  enum err_code code = disk.read(disk.context, NOTES, NOTES_BYTES_MAX, &text, err);
  if (code == ERR_OK)
    code = document_read(str_view(&text), &document, err);
  for (int i = 0; code == ERR_OK && i < NOTE_COUNT; i++) {
    struct view value;
    code = document_get_text(document, notes[i].member, &value, err);
    if (code == ERR_OK && value.length >= notes[i].bytes)
      code = err_set(err, ERR_INPUT, "the notes of the demo were changed");
    if (code == ERR_OK)
      memcpy(notes[i].text, value.bytes, value.length);
  }
  return code;
}

// ── Making ──────────────────────────────────────────────────────────────────────────────────

static enum err_code read_people(const struct call *call, int32_t *ret_people, struct err *err)
{
  int64_t people = PAST_PERSONS;
  const char *text = call_option(call, "--people");
  if (text != NULL &&
      (!view_int64(view_of(text), &people) || people < PEOPLE_MIN || people > PEOPLE_MAX))
    return err_set(err, ERR_USAGE, "--people is a number of %d to %d", PEOPLE_MIN, PEOPLE_MAX);
  *ret_people = (int32_t)people;
  return ERR_OK;
}

static enum err_code add_service(struct demo *demo, struct err *err)
{
  struct call *call = demo->call;
  enum err_code code = call_home(call, err);
  if (code != ERR_OK)
    return code;
  const struct policy *policy = core_policy(call_core(call));
  return home_service_add(call->home, "webshop", policy_role(policy, VIEW_LITERAL("support")),
                          policy_purpose(policy, VIEW_LITERAL("services")), demo->key, err);
}

static enum err_code make(struct demo *demo, struct err *err)
{
  struct call *call = demo->call;
  OWNED(str) struct str policy = STR_INIT(INPUT_BYTES_MAX);
  struct past_options options = {.folder = call->home_folder, .policy_name = call->arguments[0]};
  enum err_code code = read_people(call, &options.persons, err);
  if (code == ERR_OK)
    code = input_read(call, call->arguments[0], &policy, err);
  if (code != ERR_OK)
    return code;
  options.policy = str_view(&policy);
  say(call, "making %d people who do not exist, and three years", (int)options.persons);
  (void)fflush(call->streams.out);
  code = past_make(&options, &demo->past, err);
  if (code == ERR_OK)
    code = add_service(demo, err);
  if (code == ERR_OK)
    code = write_notes(demo, err);
  if (code == ERR_OK)
    say(call, "made; the log has %lld entries, and a sweep of today takes %d records",
        (long long)demo->past.log_size, (int)demo->past.due);
  return code;
}

// ── What to type ────────────────────────────────────────────────────────────────────────────

// A program beside this one, as it is to be typed here.
static void program_path(const char *name, char ret_path[PATH_MAX])
{
  char own[PATH_MAX] = "";
  char here[PATH_MAX] = "";
  ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
  char *slash = length > 0 ? strrchr(own, '/') : NULL;
  if (slash == NULL || getcwd(here, sizeof here) == NULL) {
    (void)snprintf(ret_path, PATH_MAX, "%s", name);
    return;
  }
  slash[1] = '\0';
  size_t common = strlen(here);
  bool below = strncmp(own, here, common) == 0 && own[common] == '/';
  (void)snprintf(ret_path, PATH_MAX, "%.*s%s", PATH_MAX - 100, below ? own + common + 1 : own,
                 name);
}

static void show(const struct demo *demo, const char *what, const char *format, ...)
    PRINTF_LIKE(3, 4);
static void show(const struct demo *demo, const char *what, const char *format, ...)
{
  char path[PATH_MAX];
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  bool verifies = strncmp(line, "-verify", strlen("-verify")) == 0;
  program_path(verifies ? "forvar-verify" : "forvar", path);
  say(demo->call, "\n# %s\n%s %s", what, path, line + (verifies ? strlen("-verify ") : 0));
}

static void show_uses(const struct demo *demo)
{
  const char *customer = demo->past.customer;
  show(demo, "What it was collected for is allowed, and written to the log",
       "record get %s traffic.ip --role security --purpose security", customer);
  show(demo, "Another purpose is refused, with the line of the policy and the article",
       "explain use %s traffic.ip --role seller --purpose direct_marketing", customer);
  show(demo, "Where the policy says so", "policy explain traffic.ip");
}

static void show_ends(const struct demo *demo)
{
  const struct past *past = &demo->past;
  show(demo, "An address in the security log that is three weeks old is gone; the rest is there",
       "record list %s", past->swept);
  show(demo, "Of a customer who left long ago one voucher remains: bookkeeping wants it",
       "record list %s", past->former);
  show(demo, "Why, and until when", "retention explain %s billing.voucher", past->former);
  show(demo, "What happened around that customer", "subject timeline %s", past->former);
}

// The sweep of today runs when the server starts: this makes something come due while one looks.
static void show_sweep(const struct demo *demo)
{
  const struct past *past = &demo->past;
  const char *home = demo->call->home_folder;
  show(demo, "Somebody left more than a year ago, which is entered only now",
       "event add %s %s contract.ended --day %s", past->late, past->late_contract, past->late_day);
  show(demo, "So name and address are past their twelve months; nothing is done yet",
       "retention plan -o %s/sweep.plan --force", home);
  show(demo, "Erase exactly that, with a receipt",
       "retention apply %s/sweep.plan --receipt %s/sweep.json --force", home, home);
}

static void show_erasure(const struct demo *demo)
{
  const struct past *past = &demo->past;
  const char *home = demo->call->home_folder;
  show(demo, "What erasing somebody would take away; nothing is done yet",
       "erase plan %s -o %s/erase.plan --force", past->leaving, home);
  show(demo, "Erase exactly that, with a receipt",
       "erase apply %s/erase.plan --receipt %s/receipt.json --force", home, home);
  show(demo, "Another program, which shares nothing with this one, checks the receipt",
       "-verify %s/receipt.json", home);
  show(demo, "The log of all that, without a name in it", "ledger show --last 8");
  show(demo, "Is everything what was recorded?", "doctor --deep");
}

static void show_all(void *context, const char *address)
{
  const struct demo *demo = context;
  const struct call *call = demo->call;
  say(call, "\n# In another window:\nexport FORVAR_HOME=%s", call->home_folder);
  show_uses(demo);
  show_ends(demo);
  show_sweep(demo);
  show_erasure(demo);
  if (address != NULL) {
    say(call, "\n# The same over HTTP");
    say(call,
        "curl -s -H 'Authorization: Bearer %s' -H 'Forvar-Purpose: services' "
        "-d '{\"subject\":\"%s\",\"field\":\"contact.email\"}' %s/v1/uses",
        demo->key, demo->past.customer, address);
    say(call, "\n# Is the server well?\ncurl -s %s/healthz", address);
    say(call, "\n# What people are told, made from the policy\n%s/notice.sv\n%s/notice.en", address,
        address);
  }
  (void)fflush(call->streams.out);
}

// ── Running ─────────────────────────────────────────────────────────────────────────────────

static void told(void *context, const char *line)
{
  const struct demo *demo = context;
  if (demo->call->quiet)
    return;
  (void)fprintf(demo->call->streams.errors, "forvar: %s\n", line);
  (void)fflush(demo->call->streams.errors);
}

static enum err_code serve(struct demo *demo, struct err *err)
{
  struct serve_options options = {
      .listen = call_option(demo->call, "--listen"),
      .told = told,
      .ready = show_all,
      .context = demo,
      .carry_out = remote_carry_out,
  };
  return serve_run(demo->call->home, &options, err);
}

static enum err_code write_result(struct demo *demo, struct err *err)
{
  struct note notes[NOTE_COUNT];
  OWNED(document) struct document *document = output_document(demo->call, "demo");
  notes_of(demo, notes);
  for (int i = 0; document != NULL && i < NOTE_COUNT; i++)
    document_set_text(document, notes[i].member, view_of(notes[i].text));
  return output_write(demo->call, &document, err);
}

enum err_code run_demo(struct call *call, struct err *err)
{
  struct demo demo = {.call = call};
  enum err_code code = serve_block_signals(err);
  if (code != ERR_OK)
    return code;
  code = read_notes(&demo, err);
  if (code == ERR_OK)
    say(call, "going on with the home in %s; remove it to begin anew", call->home_folder);
  if (code == ERR_NOT_FOUND)
    code = make(&demo, err);
  if (code == ERR_OK)
    code = call_home(call, err);
  if (code == ERR_OK)
    code = write_result(&demo, err);
  if (code == ERR_OK && call_has(call, "--no-serve"))
    show_all(&demo, NULL);
  else if (code == ERR_OK)
    code = serve(&demo, err);
  sodium_memzero(demo.key, sizeof demo.key);
  return code;
}
