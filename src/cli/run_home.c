// The home itself: making it, its keys' epoch, its clock guard, its services, its server.
#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/remote.h"
#include "core/verbs.h"
#include "serve/serve.h"
#include "vault/vault.h"

#include <sodium.h>

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

// ── init ────────────────────────────────────────────────────────────────────────────────────

static const char *origin_of(const char *option, char *text, size_t size)
{
  char host[HOST_NAME_MAX + 1] = "";
  if (option != NULL)
    return option;
  if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0')
    return "localhost/forvar";
  (void)snprintf(text, size, "%s/forvar", host);
  return text;
}

enum err_code run_init(struct call *call, struct err *err)
{
  char origin[HOST_NAME_MAX + 16];
  struct home_make_options options = {
      .folder = call->home_folder,
      .store_uri = call_option(call, "--store"),
      .origin = origin_of(call_option(call, "--origin"), origin, sizeof origin),
      .key_file = call_option(call, "--key-file"),
      .outward = call_option(call, "--outward"),
      .node = 1,
  };
  enum err_code code = home_make(&options, err);
  if (code == ERR_OK)
    code = call_home(call, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "init");
  if (document != NULL) {
    document_set_text(document, "home", view_of(call->home_folder));
    document_set_text(document, "origin", view_of(options.origin));
  }
  say(call, "made a home in %s; its log is %s", call->home_folder, options.origin);
  if (options.key_file == NULL)
    say(call, "the company key lies in %s/company.key: keep a copy elsewhere, and back it up apart",
        call->home_folder);
  if (options.outward == NULL)
    say(call,
        "signed heads are copied nowhere: a log on its own machine proves little (--outward)");
  say(call, "next: forvar policy activate FILE");
  return output_write(call, &document, err);
}

// ── epoch and clock ─────────────────────────────────────────────────────────────────────────

enum err_code run_epoch_change(struct call *call, struct err *err)
{
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = epoch_change(call_core(call), err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "epoch");
  int64_t epoch = vault_epoch(core_vault(call_core(call)));
  if (document != NULL)
    document_set_int(document, "epoch", epoch);
  say(call, "epoch %lld; what was erased before opens from no older copy of the database",
      (long long)epoch);
  return output_write(call, &document, err);
}

enum err_code run_clock_release(struct call *call, struct err *err)
{
  struct operation operation = OPERATION(&verb_clock_release, NULL, NULL);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "clock");
  if (document != NULL)
    document_set_bool(document, "stopped", false);
  say(call, "the clock guard lets irreversible work go on");
  return output_write(call, &document, err);
}

// ── service ─────────────────────────────────────────────────────────────────────────────────

enum err_code run_service_add(struct call *call, struct err *err)
{
  const struct policy *policy = NULL;
  const char *purpose_name = call_option(call, "--purpose");
  int32_t role = -1;
  int32_t purpose = -1;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK)
    code = words_index(policy, NAME_ROLE, view_of(call_option(call, "--role")), &role, err);
  if (code == ERR_OK && purpose_name != NULL)
    code = words_index(policy, NAME_PURPOSE, view_of(purpose_name), &purpose, err);
  char token[SERVICE_TOKEN_BYTES];
  if (code == ERR_OK)
    code = home_service_add(call->home, call->arguments[0], role, purpose, token, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "service");
  if (document != NULL) {
    document_set_text(document, "name", view_of(call->arguments[0]));
    document_set_text(document, "key", view_of(token));
  }
  print(call, "%s", token);
  if (!call->json && !call->quiet)
    (void)fputs("the key is shown this once; the home keeps its hash only\n", call->streams.errors);
  code = output_write(call, &document, err);
  sodium_memzero(token, sizeof token);
  return code;
}

// ── serve ───────────────────────────────────────────────────────────────────────────────────

static void told(void *context, const char *line)
{
  const struct call *call = context;
  if (call->quiet)
    return;
  (void)fprintf(call->streams.errors, "forvar: %s\n", line);
  (void)fflush(call->streams.errors);
}

enum err_code run_serve(struct call *call, struct err *err)
{
  struct serve_options options = {
      .listen = call_option(call, "--listen"),
      .socket_path = call_option(call, "--socket"),
      .told = told,
      .context = call,
      .carry_out = remote_carry_out,
  };
  if (options.listen != NULL && options.socket_path != NULL)
    return err_set(err, ERR_USAGE, "--listen and --socket exclude each other");
  enum err_code code = serve_block_signals(err);
  if (code == ERR_OK)
    code = call_home(call, err);
  return code == ERR_OK ? serve_run(call->home, &options, err) : code;
}
