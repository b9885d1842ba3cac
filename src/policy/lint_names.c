#include "policy/lint.h"

#include <string.h>

// Names that were right once. In small letters; a word that is not `whole` may go on, as Swedish
// words do.
static const struct outdated {
  const char *word;
  bool whole;
  enum finding_id id;
  const char *now;
} outdated[] = {
    {"personuppgiftslag", false, FINDING_NA01, "GDPR, lag (2018:218)"},
    {"pul", true, FINDING_NA01, "GDPR, lag (2018:218)"},
    {"95/46", false, FINDING_NA01, "GDPR"},
    {"datainspektionen", false, FINDING_NA02, "Integritetsskyddsmyndigheten (IMY)"},
    {"personuppgiftsombud", false, FINDING_NA03, "dataskyddsombud"},
    {"blockad", false, FINDING_NA04, "begränsad behandling"},
    {"blockera", false, FINDING_NA04, "begränsad behandling"},
    {"blockering", false, FINDING_NA04, "begränsad behandling"},
    {"privacy shield", false, FINDING_NA05, "an adequacy decision in force or standard clauses"},
    {"safe harbo", false, FINDING_NA05, "an adequacy decision in force or standard clauses"},
};

// Reasons and records of people may name what was.
static const char *const unread[] = {"decisions", "promises", "why", NULL};

static void check_text(struct reader *reader, const struct yaml_node *node, enum finding_id id)
{
  for (size_t i = 0; i < ARRAY_COUNT(outdated); i++) {
    if (outdated[i].id != id || !lint_says(node->text, outdated[i].word, outdated[i].whole))
      continue;
    finding_add(reader->findings, id, node->place, outdated[i].now, "'%s' names '%s'",
                quote(node->text).text, outdated[i].word);
    return;
  }
}

static void check_words(struct reader *reader, const struct yaml_node *node, enum finding_id id)
{
  if (node->kind == NODE_TEXT)
    check_text(reader, node, id);
  for (int32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
    if (node->items[i].kind == NODE_TEXT)
      check_text(reader, &node->items[i], id);
  for (int32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
    if (schema_word(unread, node->pairs[i].key) < 0)
      check_words(reader, &node->pairs[i].value, id);
}

static void repealed_law(struct reader *reader) { check_words(reader, reader->root, FINDING_NA01); }

static void renamed_authority(struct reader *reader)
{
  check_words(reader, reader->root, FINDING_NA02);
}

static void abolished_office(struct reader *reader)
{
  check_words(reader, reader->root, FINDING_NA03);
}

static void abolished_right(struct reader *reader)
{
  check_words(reader, reader->root, FINDING_NA04);
}

static void void_framework(struct reader *reader)
{
  check_words(reader, reader->root, FINDING_NA05);
}

// ── Domains ─────────────────────────────────────────────────────────────────────────────────
// Two spellings of a name are two domains: Mätforum.se is not Maetforum.se.

enum { DOMAINS_MAX = 64, DOMAIN_BYTES = 64 };

struct domain {
  char lower[DOMAIN_BYTES];   // in small letters, å, ä and ö too
  char folded[DOMAIN_BYTES];  // and with aa, ae and oe for them
};

struct domains {
  struct domain items[DOMAINS_MAX];
  int count;
};

static void add_byte(char *text, char c)
{
  size_t length = strlen(text);
  if (length + 1 < DOMAIN_BYTES) {
    text[length] = c;
    text[length + 1] = '\0';
  }
}

// å, ä and ö are two bytes, 0xc3 and one of these; the capitals are 0x20 below.
static const char *fold_second(unsigned char byte)
{
  switch (byte | 0x20) {
    case 0xa5:
      return "aa";
    case 0xa4:
      return "ae";
    case 0xb6:
      return "oe";
    default:
      return "";
  }
}

static struct domain fold(struct view text)
{
  struct domain domain = {"", ""};
  for (size_t i = 0; i < text.length; i++) {
    unsigned char byte = (unsigned char)text.bytes[i];
    if (byte == 0xc3 && i + 1 < text.length) {
      unsigned char second = (unsigned char)text.bytes[++i];
      add_byte(domain.lower, (char)byte);
      add_byte(domain.lower, (char)(second | 0x20));
      for (const char *c = fold_second(second); *c != '\0'; c++)
        add_byte(domain.folded, *c);
      continue;
    }
    char c = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : (char)byte;
    add_byte(domain.lower, c);
    add_byte(domain.folded, c);
  }
  return domain;
}

static bool is_domain(struct view word)
{
  static const char *const endings[] = {".se", ".nu", ".com", ".net", ".org"};
  for (size_t i = 0; i < ARRAY_COUNT(endings); i++) {
    size_t length = strlen(endings[i]);
    if (word.length > length && memcmp(word.bytes + word.length - length, endings[i], length) == 0)
      return true;
  }
  return false;
}

static void meet_domain(struct reader *reader, struct domains *domains, struct view word,
                        struct place place)
{
  struct domain domain = fold(word);
  for (int i = 0; i < domains->count; i++) {
    if (strcmp(domains->items[i].lower, domain.lower) == 0)
      return;
    if (strcmp(domains->items[i].folded, domain.folded) == 0)
      finding_add(reader->findings, FINDING_NA06, place, NULL, "'%s' and '%s' are two domains",
                  domains->items[i].lower, domain.lower);
  }
  if (domains->count < DOMAINS_MAX)
    domains->items[domains->count++] = domain;
}

static void meet_domains(struct reader *reader, struct domains *domains, struct view text,
                         struct place place)
{
  while (text.length > 0) {
    struct view word = view_cut(&text, ' ');
    struct view host = word;
    struct view local = view_cut(&host, '@');
    word = host.length > 0 ? host : local;
    while (word.length > 0 && strchr(".,;:)", word.bytes[word.length - 1]) != NULL)
      word.length--;
    if (view_starts(word, "www."))
      word = view_bytes(word.bytes + 4, word.length - 4);
    if (is_domain(word))
      meet_domain(reader, domains, word, place);
  }
}

static void walk_domains(struct reader *reader, struct domains *domains,
                         const struct yaml_node *node)
{
  if (node->kind == NODE_TEXT)
    meet_domains(reader, domains, node->text, node->place);
  for (int32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
    walk_domains(reader, domains, &node->pairs[i].value);
}

static void two_spellings(struct reader *reader)
{
  struct domains domains = {.count = 0};
  walk_domains(reader, &domains, reader->root);
}

// U+2010 to U+2015 and U+2212, which printers put for a hyphen.
static bool has_long_dash(struct view text)
{
  for (size_t i = 0; i + 2 < text.length; i++) {
    const unsigned char *at = (const unsigned char *)text.bytes + i;
    if ((at[0] == 0xe2 && at[1] == 0x80 && at[2] >= 0x90 && at[2] <= 0x95) ||
        (at[0] == 0xe2 && at[1] == 0x88 && at[2] == 0x92))
      return true;
  }
  return false;
}

static void dash_in_number(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "controllers", &at); pair != NULL;
       pair = lint_next(reader, "controllers", &at)) {
    const struct yaml_node *number = yaml_get(&pair->value, "number");
    if (number != NULL && has_long_dash(number->text))
      finding_add(reader->findings, FINDING_C10, number->place, "NNNNNN-NNNN",
                  "the number of '%s' is written with a dash; it is read with a hyphen",
                  quote(pair->key).text);
  }
}

static const struct lint_rule rules[] = {
    {FINDING_NA01, repealed_law},     {FINDING_NA02, renamed_authority},
    {FINDING_NA03, abolished_office}, {FINDING_NA04, abolished_right},
    {FINDING_NA05, void_framework},   {FINDING_NA06, two_spellings},
    {FINDING_C10, dash_in_number},
};

const struct lint_rules lint_names = {rules, ARRAY_COUNT(rules)};
