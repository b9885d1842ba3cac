// law_compile FILE... : the files of law as one C file, on the standard output.
#include "base/sha256.h"
#include "policy/law_source.h"

#include <stdio.h>
#include <stdlib.h>

enum { PACKS_MAX = 8, FILE_BYTES_MAX = 1024 * 1024, TABLE_BYTES_MAX = 16 * 1024 * 1024 };

static bool read_file(const char *name, struct str *ret_text)
{
  FILE *file = fopen(name, "rb");
  if (file == NULL)
    return false;
  char part[4096];
  for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;)
    str_add(ret_text, view_bytes(part, got));
  bool whole = ferror(file) == 0 && str_ok(ret_text);
  return fclose(file) == 0 && whole;
}

static void tell(const char *name, const struct finding_list *findings, const struct err *err)
{
  for (int32_t i = 0; i < findings->count; i++)
    (void)fprintf(stderr, "%s:%d:%d: %s: %s\n", name, findings->items[i].place.line,
                  findings->items[i].place.column, findings->items[i].id,
                  findings->items[i].message);
  (void)fprintf(stderr, "%s: %s\n", name, err->message);
}

static bool compile_file(const char *name, struct law_source *ret_source)
{
  OWNED(str) struct str text = STR_INIT(FILE_BYTES_MAX);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct err err = ERR_INIT;
  if (!read_file(name, &text)) {
    (void)fprintf(stderr, "%s: cannot be read\n", name);
    return false;
  }
  if (law_source_read(str_view(&text), ret_source, &findings, &err) != ERR_OK) {
    tell(name, &findings, &err);
    return false;
  }
  unsigned char hash[SHA256_BYTES];
  char hex[2 * SHA256_BYTES + 1];
  sha256((const struct view[]){str_view(&text)}, 1, hash);
  hex_write(hash, sizeof hash, hex);
  ret_source->pack.hash = arena_text(&ret_source->arena, view_of(hex));
  return ret_source->pack.hash != NULL;
}

int main(int argc, char **argv)
{
  struct law_source sources[PACKS_MAX];
  int32_t count = 0;
  bool right = argc > 1 && argc - 1 <= PACKS_MAX;
  for (int i = 1; i < argc && right; i++) {
    sources[count] = (struct law_source)LAW_SOURCE_INIT;
    right = compile_file(argv[i], &sources[count]);
    count += right ? 1 : 0;
  }
  OWNED(str) struct str table = STR_INIT(TABLE_BYTES_MAX);
  if (right)
    law_source_write(sources, count, &table);
  for (int32_t i = 0; i < count; i++)
    law_source_clear(&sources[i]);
  right = right && str_ok(&table) && fputs(str_text(&table), stdout) >= 0 && fflush(stdout) == 0;
  return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
