#include "policy/reader.h"

#include <string.h>

// Words that say nothing, and words that may stand beside them without saying more.
static const char *const vague_words[] = {"other",   "misc",     "miscellaneous", "general",
                                          "overall", "various",  "övrigt",        "övriga",
                                          "diverse", "allmänna", "allmänt",       NULL};
static const char *const empty_words[] = {"purpose", "purposes", "use",   "uses",  "things",
                                          "ändamål", "syften",   "syfte", "saker", NULL};

// Words in the name of a purpose that a contract seldom carries (EDPB Guidelines 2/2019).
static const char *const beside_contract[] = {
    "abuse",       "analysis",   "analytics", "development", "fraud",
    "improvement", "misuse",     "profiling", "research",    "satisfaction",
    "security",    "statistics", "survey",    "surveys",     NULL};

static bool is_separator(char c) { return c == '_' || c == ' ' || c == ',' || c == '.'; }

// Takes the next word off `rest`; empty at the end. ASCII capitals become small letters.
static struct view next_word(struct view *rest, char buffer[POLICY_KEY_BYTES_MAX])
{
  while (rest->length > 0 && is_separator(rest->bytes[0]))
    *rest = view_bytes(rest->bytes + 1, rest->length - 1);
  size_t length = 0;
  size_t kept = 0;
  for (; length < rest->length && !is_separator(rest->bytes[length]); length++) {
    char c = rest->bytes[length];
    if (kept < POLICY_KEY_BYTES_MAX)
      buffer[kept++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
  }
  if (length > 0)  // an empty text has no bytes to count from
    *rest = view_bytes(rest->bytes + length, rest->length - length);
  return view_bytes(buffer, kept);
}

static bool is_vague(struct view text)
{
  char buffer[POLICY_KEY_BYTES_MAX];
  bool vague = false;
  struct view word = next_word(&text, buffer);
  for (; word.length > 0; word = next_word(&text, buffer)) {
    if (schema_word(vague_words, word) >= 0)
      vague = true;
    else if (schema_word(empty_words, word) < 0)
      return false;
  }
  return vague;
}

static void check_vague(struct reader *reader, const struct purpose *purpose)
{
  const struct view texts[] = {view_of(purpose->name), purpose->title_sv, purpose->title_en};
  for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
    if (is_vague(texts[i])) {
      finding_add(reader->findings, FINDING_U01, purpose->place, NULL,
                  "'%s' does not say what the data is used for", quote(texts[i]).text);
      return;
    }
}

static bool is_beside_contract(const struct purpose *purpose)
{
  char buffer[POLICY_KEY_BYTES_MAX];
  struct view name = view_of(purpose->name);
  struct view word = next_word(&name, buffer);
  for (; word.length > 0; word = next_word(&name, buffer))
    if (schema_word(beside_contract, word) >= 0)
      return true;
  return purpose->marketing != 0;
}

static void check_contract(struct reader *reader, const struct purpose *purpose)
{
  if (!is_beside_contract(purpose))
    return;
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    const struct basis_row *row = &reader->policy->basis_rows[purpose->first_basis + i];
    if (row->basis == BASIS_CONTRACT)
      finding_add(reader->findings, FINDING_B05, row->place,
                  "interest: {en: WHAT IT IS}, assessment: lia-NAME",
                  "'%s' rests on a contract for '%s'", purpose->name,
                  reader->policy->kinds[row->kind].name);
  }
}

static bool basis_suits(enum basis basis, struct view sensitive)
{
  if (view_is(sensitive, "health"))
    return basis == BASIS_CONSENT || basis == BASIS_LAW;
  return basis == BASIS_LAW;
}

// Article 9 data needs consent or law, Article 10 data needs law.
static void check_sensitive(struct reader *reader, int32_t field, const struct yaml_node *node)
{
  const struct policy *policy = reader->policy;
  if (node == NULL || view_is(node->text, "maybe"))
    return;
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    if (!set_has(&purpose->fields, field))
      continue;
    for (int32_t j = 0; j < purpose->basis_count; j++) {
      const struct basis_row *row = &policy->basis_rows[purpose->first_basis + j];
      if (!basis_suits(row->basis, node->text))
        finding_add(reader->findings, FINDING_F03, row->place, NULL,
                    "'%s' uses '%s' (%s) on the basis '%s'", purpose->name,
                    policy->fields[field].name, node->text.bytes, basis_name(row->basis));
    }
  }
}

static void check_fields(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  const struct yaml_node *map = reader_section(reader, "fields");
  for (int32_t i = 0; i < policy->field_count; i++) {
    const struct field *field = &policy->fields[i];
    const struct yaml_node *category = yaml_get(map, field->category);
    const struct yaml_node *leaf = yaml_get(category, field->name + strlen(field->category) + 1);
    check_sensitive(reader, i, yaml_get(leaf, "sensitive"));
  }
}

void check_purposes(struct reader *reader)
{
  for (int32_t i = 0; i < reader->policy->purpose_count; i++) {
    check_vague(reader, &reader->policy->purposes[i]);
    check_contract(reader, &reader->policy->purposes[i]);
  }
  check_fields(reader);
}
