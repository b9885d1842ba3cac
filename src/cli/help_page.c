// The pages doc/cli.md and doc/api.md. They are kept in the tree, and a test holds them to the
// tables.
#include "api/route.h"
#include "cli/help.h"

static void option_lines(const struct option_row *options, FILE *out)
{
  for (int i = 0; options[i].name != NULL; i++)
    (void)fprintf(out, "- `%s%s%s`%s: %s\n", options[i].name, options[i].value == NULL ? "" : " ",
                  options[i].value == NULL ? "" : options[i].value,
                  options[i].needed ? " (needed)" : "", options[i].help);
}

static void command_section(const struct command *row, FILE *out)
{
  (void)fprintf(out, "\n### forvar %s%s%s%s%s\n\n%s.\n", row->noun, row->verb[0] == '\0' ? "" : " ",
                row->verb, row->arguments[0] == '\0' ? "" : " ", row->arguments, row->summary);
  if (row->more[0] != '\0')
    (void)fprintf(out, "\n%s\n", row->more);
  if (row->options[0].name != NULL)
    (void)fputc('\n', out);
  option_lines(row->options, out);
  (void)fprintf(out, "\n```\n%s\n```\n", row->example);
}

void help_page(FILE *out)
{
  (void)fputs(
      "# The command line\n\n"
      "This page is printed by `forvar __page cli` from the table of commands, which also "
      "gives\n`forvar help`, the man page (`forvar __man`) and the completion\n"
      "(`forvar __completion bash`).\n\n"
      "## Options of every command\n\n",
      out);
  option_lines(global_options, out);
  (void)fputs("\n## Commands\n", out);
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (row->noun[0] != '_')
      command_section(row, out);
  static const char *const topics[] = {"exit-codes", "output", "environment", "privacy"};
  for (size_t i = 0; i < ARRAY_COUNT(topics); i++) {
    (void)fputs("\n## ", out);
    (void)help_topic(topics[i], out);
  }
}

void help_routes_page(FILE *out)
{
  (void)fputs(
      "# The interface over HTTP\n\n"
      "This page is printed by `forvar __page api` from the table of routes.\n\n"
      "`forvar serve` answers on the loopback address or a Unix socket, without encryption: a\n"
      "proxy in front gives it TLS. Bodies are JSON in both directions, at most 1 MiB. Personal\n"
      "data never stands in a URL. An answer is sent when what it tells of is durable.\n\n"
      "## Headers\n\n"
      "- `Authorization: Bearer fvk_…`: the key of a service, from `forvar service add`. The role "
      "comes\n  with the key.\n"
      "- `Forvar-Purpose: NAME`: what for, on every call but health and notice; 400 without it, "
      "403 if the "
      "role\n  does not act for it.\n"
      "- `Forvar-Subject: ID`: about whom, on calls that list: no URL names a person.\n"
      "- `Idempotency-Key: TEXT`: 1 to 128 bytes, on calls that write. A repeat within 72 hours "
      "does\n  nothing and gets the same answer, with `Idempotency-Replayed: true`; 409 if the "
      "rest of the\n  request differs.\n\n"
      "## Routes\n",
      out);
  for (const struct route *row = route_table; row->path != NULL; row++) {
    (void)fprintf(out, "\n### %s %s\n\n%s.\n", row->method, row->path, row->summary);
    if (row->request[0] != '\0')
      (void)fprintf(out, "\n```json\n%s\n```\n", row->request);
    if (row->reply[0] != '\0')
      (void)fprintf(out, "\nAnswer %d:\n\n```json\n%s\n```\n", row->status, row->reply);
  }
  (void)fputs(
      "\n## Problems\n\n"
      "Everything else is `application/problem+json` (RFC 9457): `type`, `title`, `status`, "
      "`detail`,\n`code` (an id of `src/base/errors.def`), and where they fit `instance` (the "
      "entry of the log,\nnamed by its leaf hash), `reason`, `policy` (id, version, line, column), "
      "`law`, `help`.\n\n"
      "| status | code | when |\n| --- | --- | --- |\n"
      "| 400 | usage, input | the request or a value is not of its form |\n"
      "| 401 | unauthenticated | no service key that is in force |\n"
      "| 403 | refused | the policy or the person says no |\n"
      "| 404 | not_found | no such route; no such person or thing, or it is erased |\n"
      "| 405 | usage | the route has another method |\n"
      "| 409 | conflict, exists | the key was used for another request |\n"
      "| 413 | limit | the body is too long |\n"
      "| 503 | busy, unknown_outcome, clock | try again, with the same key |\n\n"
      "For a person that does not exist the same is decided, recorded and waited for as for one "
      "that\ndoes; a service that may not act for the purpose or not read the field gets 403 "
      "either way.\n",
      out);
}
