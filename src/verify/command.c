#include "verify/command.h"

#include <jansson.h>
#include <sodium.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "verify/export.h"
#include "verify/file.h"
#include "verify/home.h"
#include "verify/members.h"
#include "verify/receipt.h"
#include "verify/report.h"
#include "verify/version.h"

enum { KEY_DIGITS = 2 * VERIFY_KEY_BYTES, KEY_FILE_BYTES_MAX = 4096 };
enum { RECEIPT_BYTES_MAX = 64 * 1024 * 1024 };

static const char usage_text[] =
    "usage: forvar-verify [--key HEX|FILE] [--head FILE]... [--json] FILE\n";

static const char help_text[] =
    "\n"
    "Checks a ledger of Förvar without the server, its keys or the network.\n"
    "FILE is a home (the folder with data.db, or that file), an export or a receipt.\n"
    "\n"
    "  --key HEX|FILE   the public key, kept elsewhere: 64 hex digits, or a file with them\n"
    "                   or with the 32 bytes\n"
    "  --head FILE      heads that were kept elsewhere; may be given several times\n"
    "  --json           one JSON document, schema forvar.verify/1\n"
    "  --version, --help\n"
    "\n"
    "Exit code: 0 holds; 12 does not hold, and the first wrong place is named;\n"
    "1 cannot be read; 2 wrong usage.\n";

struct request {
  const char *path;
  const char *key;
  bool wants_json;
  bool wants_help;
  bool wants_version;
  bool has_ended;  // after "--" all is a path
};

static bool complain(FILE *err, const char *what, const char *argument)
{
  fprintf(err, "forvar-verify: %s '%s'\n%s", what, argument, usage_text);
  return false;
}

// Takes one argument, and for options with a value the next one too.
static bool take_argument(struct request *request, char **argv, int *at, FILE *err)
{
  const struct {
    const char *name;
    bool *flag;
  } flags[] = {{"--json", &request->wants_json},
               {"--help", &request->wants_help},
               {"--version", &request->wants_version},
               {"--", &request->has_ended}};
  const char *argument = argv[*at];
  if (argument[0] != '-' || request->has_ended) {
    if (request->path != NULL)
      return complain(err, "one file at a time, not also", argument);
    request->path = argument;
    return true;
  }
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
    if (strcmp(argument, flags[i].name) == 0) {
      *flags[i].flag = true;
      return true;
    }
  bool is_key = strcmp(argument, "--key") == 0;
  if (!is_key && strcmp(argument, "--head") != 0)
    return complain(err, "unknown option", argument);
  if (argv[*at + 1] == NULL)
    return complain(err, "no value after", argument);
  if (is_key && request->key != NULL)
    return complain(err, "one key only, not also", argv[*at + 1]);
  if (is_key)
    request->key = argv[*at + 1];
  (*at)++;
  return true;
}

static bool parse_arguments(int argc, char **argv, struct request *ret_request, FILE *err)
{
  struct request request = {0};
  for (int i = 1; i < argc; i++)
    if (!take_argument(&request, argv, &i, err))
      return false;
  if (request.path == NULL && !request.wants_help && !request.wants_version) {
    fprintf(err, "forvar-verify: no file given\n%s", usage_text);
    return false;
  }
  *ret_request = request;
  return true;
}

static bool parse_key(const char *text, size_t bytes, uint8_t ret_key[VERIFY_KEY_BYTES])
{
  size_t count = 0;
  return bytes == KEY_DIGITS &&
         sodium_hex2bin(ret_key, VERIFY_KEY_BYTES, text, bytes, NULL, &count, NULL) == 0 &&
         count == VERIFY_KEY_BYTES;
}

static enum verify_outcome read_key(struct verify_report *report, const char *text)
{
  report->key_is_given = true;
  if (parse_key(text, strlen(text), report->key))
    return VERIFY_HOLDS;
  struct verify_content content __attribute__((cleanup(verify_content_clean))) = {0};
  enum verify_outcome outcome =
      verify_content_read(text, KEY_FILE_BYTES_MAX, &content, &report->finding);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  if (content.bytes == VERIFY_KEY_BYTES) {
    memcpy(report->key, content.text, VERIFY_KEY_BYTES);
    return VERIFY_HOLDS;
  }
  if (parse_key(content.text, strcspn(content.text, "\r\n"), report->key))
    return VERIFY_HOLDS;
  return verify_trouble(&report->finding, "%s: no key in it; 64 hex digits or 32 bytes are needed",
                        text);
}

// The values of --head, in order; parse_arguments found the line sound.
static enum verify_outcome read_kept(struct verify_report *report, int argc, char **argv)
{
  enum verify_outcome outcome = VERIFY_HOLDS;
  for (int i = 1; i + 1 < argc && outcome == VERIFY_HOLDS && strcmp(argv[i], "--") != 0; i++) {
    bool is_head = strcmp(argv[i], "--head") == 0;
    bool has_value = is_head || strcmp(argv[i], "--key") == 0;
    if (is_head)
      outcome = verify_kept_read(&report->kept, argv[i + 1], &report->finding);
    i += has_value ? 1 : 0;
  }
  return outcome;
}

static bool has_schema(const json_t *document, const char *schema)
{
  const char *found = json_string_value(json_object_get(document, "schema"));
  return found != NULL && strcmp(found, schema) == 0;
}

static enum verify_outcome verify_receipt_file(struct verify_report *report)
{
  struct verify_content content __attribute__((cleanup(verify_content_clean))) = {0};
  enum verify_outcome outcome =
      verify_content_read(report->path, RECEIPT_BYTES_MAX, &content, &report->finding);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  json_t *document __attribute__((cleanup(verify_json_clean))) =
      verify_json_read(content.text, content.bytes);
  if (!has_schema(document, "forvar.receipt/1"))
    return verify_trouble(&report->finding, "%s: neither a home nor an export nor a receipt",
                          report->path);
  return verify_receipt(report, document);
}

// What the file is shows in its first line.
static enum verify_outcome verify_by_content(struct verify_report *report)
{
  static const char sqlite_start[] = "SQLite format 3";
  struct stat stats;
  FILE *stream __attribute__((cleanup(verify_stream_clean))) = fopen(report->path, "rbe");
  if (stream == NULL || fstat(fileno(stream), &stats) != 0)
    return verify_trouble(&report->finding, "%s: %s", report->path, strerror(errno));
  if (S_ISDIR(stats.st_mode))
    return verify_home(report);
  if (!S_ISREG(stats.st_mode))
    return verify_trouble(&report->finding, "%s: neither a folder nor a plain file", report->path);
  struct verify_line line __attribute__((cleanup(verify_line_clean))) = {0};
  if (!verify_line_init(&line, VERIFY_EXPORT_LINE_BYTES_MAX))
    return verify_trouble(&report->finding, "out of memory");
  if (!verify_line_next(&line, stream))
    return verify_trouble(&report->finding, "%s: %s", report->path,
                          ferror(stream) != 0 ? strerror(errno) : "empty");
  if (line.bytes >= sizeof sqlite_start &&
      memcmp(line.text, sqlite_start, sizeof sqlite_start) == 0)
    return verify_home(report);
  json_t *header __attribute__((cleanup(verify_json_clean))) =
      verify_json_read(line.text, line.bytes);
  if (has_schema(header, "forvar.ledger/1"))
    return verify_export(report, stream);
  return verify_receipt_file(report);
}

static enum verify_outcome verify_request(struct verify_report *report,
                                          const struct request *request, int argc, char **argv)
{
  report->path = request->path;
  enum verify_outcome outcome = VERIFY_HOLDS;
  if (sodium_init() < 0)
    return verify_trouble(&report->finding, "the cryptography cannot be started");
  if (request->key != NULL)
    outcome = read_key(report, request->key);
  if (outcome == VERIFY_HOLDS)
    outcome = read_kept(report, argc, argv);
  if (outcome == VERIFY_HOLDS)
    outcome = verify_by_content(report);
  return outcome;
}

int verify_command(int argc, char **argv, FILE *out, FILE *err)
{
  struct request request;
  if (!parse_arguments(argc, argv, &request, err))
    return VERIFY_USAGE;
  if (request.wants_version || request.wants_help) {
    if (request.wants_version)
      fprintf(out, "forvar-verify %s\n", VERIFY_VERSION);
    else
      fprintf(out, "%s%s", usage_text, help_text);
    return VERIFY_HOLDS;
  }
  struct verify_report report __attribute__((cleanup(verify_report_clean))) = {0};
  enum verify_outcome outcome = verify_request(&report, &request, argc, argv);
  bool is_told = true;
  if (request.wants_json)
    is_told = verify_report_print_json(&report, outcome, out);
  else if (outcome == VERIFY_UNREADABLE)
    fprintf(err, "forvar-verify: %s\n", report.finding.trouble);
  else
    verify_report_print(&report, outcome, out);
  // A verdict that nobody can read is none.
  if (!is_told || fflush(out) != 0 || ferror(out) != 0) {
    fprintf(err, "forvar-verify: the report cannot be written\n");
    return VERIFY_UNREADABLE;
  }
  return (int)outcome;
}
