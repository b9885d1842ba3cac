#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/refusal.h"
#include "base/calendar.h"
#include "policy/read.h"

// ── Lines ───────────────────────────────────────────────────────────────────────────────────

// Output that cannot be written is found when the streams are flushed at the end.
PRINTF_LIKE(2, 0)
static void write_line(FILE *to, const char *format, va_list arguments)
{
  (void)vfprintf(to, format, arguments);
  (void)fputc('\n', to);
}

void say(const struct call *call, const char *format, ...)
{
  if (call->json || call->quiet)
    return;
  va_list arguments;
  va_start(arguments, format);
  write_line(call->streams.out, format, arguments);
  va_end(arguments);
}

void print(const struct call *call, const char *format, ...)
{
  if (call->json)
    return;
  va_list arguments;
  va_start(arguments, format);
  write_line(call->streams.out, format, arguments);
  va_end(arguments);
}

void output_time(const struct call *call, int64_t instant_us, char *ret_text)
{
  const struct policy *policy = core_policy(call_core(call));
  struct zone *utc = NULL;
  struct err err;
  if (policy != NULL) {
    calendar_write_time(policy->zone, instant_us, ret_text);
  } else if (zone_open("UTC", &utc, &err) == ERR_OK) {
    calendar_write_time(utc, instant_us, ret_text);
    zone_free(utc);
  } else {
    ret_text[0] = '\0';
  }
}

// ── Documents ───────────────────────────────────────────────────────────────────────────────

struct document *output_document(const struct call *call, const char *schema)
{
  if (!call->json)
    return NULL;
  struct document *document = document_object();
  char name[80];
  (void)snprintf(name, sizeof name, "forvar.%s/1", schema);
  document_set_text(document, "schema", view_of(name));
  return document;
}

static enum err_code write_document(FILE *to, const struct document *document,
                                    enum document_form form, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(OUTPUT_BYTES_MAX);
  enum err_code code = document_write(document, form, &text, err);
  if (code != ERR_OK)
    return code;
  (void)fwrite(text.bytes, 1, text.length, to);
  if (text.length > 0 && text.bytes[text.length - 1] != '\n')
    (void)fputc('\n', to);
  return ERR_OK;
}

enum err_code output_write(const struct call *call, struct document **document, struct err *err)
{
  if (*document == NULL)
    return ERR_OK;
  enum err_code code = write_document(call->streams.out, *document, DOCUMENT_PRETTY, err);
  document_cleanup(document);
  *document = NULL;
  return code;
}

// ── Errors ──────────────────────────────────────────────────────────────────────────────────

// The line of the policy in force, without the indentation; empty if it is another version.
static struct view policy_line(const struct call *call, const struct refusal *refusal)
{
  const struct policy *policy = call->home == NULL ? NULL : core_policy(call_core(call));
  if (policy == NULL || refusal->policy.length == 0 || policy->version != refusal->version)
    return VIEW_EMPTY;
  struct view rest = policy->text;
  for (int64_t line = 1; line < refusal->line && rest.length > 0; line++)
    (void)view_cut(&rest, '\n');
  return view_trim(view_cut(&rest, '\n'));
}

static void error_text(const struct call *call, const struct err *err)
{
  FILE *to = call->streams.errors;
  struct refusal refusal = refusal_of(err);
  struct view line = policy_line(call, &refusal);
  if (refusal.reason.length > 0)
    (void)fprintf(to, "forvar: refused[%.*s]\n", (int)refusal.reason.length, refusal.reason.bytes);
  else
    (void)fprintf(to, "forvar: error[%s]: %s\n", err_id(err->code), err->message);
  if (err->where[0] != '\0')
    (void)fprintf(to, "  --> %s\n", err->where);
  if (line.length > 0)
    (void)fprintf(to, "   %lld | %.*s\n", (long long)refusal.line, (int)line.length, line.bytes);
  if (err->rule[0] != '\0')
    (void)fprintf(to, "  = law: %s\n", err->rule);
  if (err->hint[0] != '\0')
    (void)fprintf(to, "  = help: %s\n", err->hint);
}

static void set_if_there(struct document *object, const char *member, const char *text)
{
  if (text[0] != '\0')
    document_set_text(object, member, view_of(text));
}

static void error_json(const struct call *call, const struct err *err)
{
  struct refusal refusal = refusal_of(err);
  OWNED(document) struct document *error = document_object();
  document_set_text(error, "type", VIEW_LITERAL("error"));
  document_set_text(error, "code", view_of(err_id(err->code)));
  document_set_int(error, "exit", err_exit_code(err->code));
  document_set_text(error, "title", view_of(err_title(err->code)));
  document_set_text(error, "detail", view_of(err->message));
  set_if_there(error, "where", err->where);
  if (refusal.reason.length > 0)
    document_set_text(error, "reason", refusal.reason);
  if (refusal.policy.length > 0) {
    struct document *place = document_object();
    document_set_text(place, "id", refusal.policy);
    document_set_int(place, "version", refusal.version);
    document_set_int(place, "line", refusal.line);
    document_set_int(place, "column", refusal.column);
    document_set(error, "policy", place);
  }
  set_if_there(error, "law", err->rule);
  set_if_there(error, "help", err->hint);
  struct err second = ERR_INIT;
  if (write_document(call->streams.errors, error, DOCUMENT_LINE, &second) != ERR_OK)
    error_text(call, err);
}

void output_error(const struct call *call, const struct err *err)
{
  if (call->json)
    error_json(call, err);
  else
    error_text(call, err);
}

// ── Files ───────────────────────────────────────────────────────────────────────────────────

static enum err_code system_error(const char *what, const char *path, struct err *err)
{
  enum err_code failure = errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
  err_set(err, failure, "%s: %s", what, strerror(errno));
  (void)err_where(err, "%s", path);
  return failure;
}

enum err_code output_open(const struct call *call, const char *path, bool force,
                          struct output_file *ret_file, struct err *err)
{
  *ret_file = (struct output_file)OUTPUT_FILE_INIT;
  if (strcmp(path, "-") == 0) {
    *ret_file = (struct output_file){call->streams.out, -1, path, true};
    return ERR_OK;
  }
  int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (force ? O_TRUNC : O_EXCL);
  int file = openat(call->folder, path, flags, 0600);
  if (file < 0 && errno == EEXIST) {
    err_set(err, ERR_EXISTS, "the file is there already");
    (void)err_where(err, "%s", path);
    return err_hint(err, "name another file, or add --force");
  }
  if (file < 0)
    return system_error("cannot write", path, err);
  FILE *stream = fchmod(file, 0600) == 0 ? fdopen(file, "w") : NULL;
  if (stream == NULL) {
    enum err_code code = system_error("cannot write", path, err);
    (void)close(file);
    return code;
  }
  *ret_file = (struct output_file){stream, call->folder, path, false};
  return ERR_OK;
}

enum err_code output_add(struct output_file *file, struct view text, struct err *err)
{
  if (text.length == 0 || fwrite(text.bytes, 1, text.length, file->file) == text.length)
    return ERR_OK;
  return system_error("cannot write", file->path, err);
}

// On failure the clean-up closes and removes the file.
enum err_code output_finish(struct output_file *file, struct view text, struct err *err)
{
  enum err_code code = output_add(file, text, err);
  if (code == ERR_OK && text.length > 0 && text.bytes[text.length - 1] != '\n')
    code = output_add(file, VIEW_LITERAL("\n"), err);
  if (code == ERR_OK && fflush(file->file) != 0)
    code = system_error("cannot write", file->path, err);
  if (code == ERR_OK && !file->is_stream && fsync(fileno(file->file)) != 0)
    code = system_error("cannot write", file->path, err);
  if (code != ERR_OK)
    return code;
  if (!file->is_stream)
    (void)fclose(file->file);  // all of it is on the disk already
  file->file = NULL;
  return ERR_OK;
}

void output_file_cleanup(struct output_file *file)
{
  if (file->file == NULL || file->is_stream)
    return;
  (void)fclose(file->file);
  (void)unlinkat(file->folder, file->path, 0);
  file->file = NULL;
}

static enum err_code read_stream(FILE *from, const char *path, struct str *ret_text,
                                 struct err *err)
{
  char block[16 * 1024];
  size_t length;
  while ((length = fread(block, 1, sizeof block, from)) > 0)
    str_add(ret_text, view_bytes(block, length));
  if (ferror(from))
    return system_error("cannot read", path, err);
  if (str_ok(ret_text))
    return ERR_OK;
  err_set(err, ERR_LIMIT, "a file is longer than %zu bytes, or memory is out", ret_text->bytes_max);
  return err_where(err, "%s", path);
}

enum err_code input_read(const struct call *call, const char *path, struct str *ret_text,
                         struct err *err)
{
  if (strcmp(path, "-") == 0)
    return read_stream(call->streams.in, "standard input", ret_text, err);
  int file = openat(call->folder, path, O_RDONLY | O_CLOEXEC);
  FILE *from = file < 0 ? NULL : fdopen(file, "rb");
  if (from == NULL)
    return system_error("cannot read", path, err);
  enum err_code code = read_stream(from, path, ret_text, err);
  (void)fclose(from);
  return code;
}

enum err_code input_policy(const struct call *call, const char *path, struct policy **ret_policy,
                           struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  enum err_code code = input_read(call, path, &text, err);
  return code != ERR_OK ? code : policy_read(path, str_view(&text), ret_policy, &findings, err);
}
