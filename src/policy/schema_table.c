#include "policy/schema_part.h"

#include "base/assert.h"
#include "base/attr.h"

#include <string.h>

const char *const schema_field_types[] = {
    "text",      "name",     "address",  "email",        "phone",
    "key",       "ip",       "number",   "flag",         "choice",
    "note",      "document", "date",     "personnummer", "organisation_number",
    "country",   "position", "password", "file",         "film",
    "recording", NULL};
const char *const schema_event_by[] = {"person", "company", "system", "other", NULL};
const char *const schema_source_is[] = {"self",   "other",   "observed", "generated", "register",
                                        "bureau", "partner", "list",     NULL};
const char *const schema_channels[] = {"email", "sms", "phone", "letter", "mms",
                                       "app",   "web", "ads",   NULL};
const char *const schema_point_channels[] = {
    "any",    "app",   "chat",   "demonstration", "email", "import",      "job",
    "letter", "phone", "sensor", "store",         "web",   "salesperson", NULL};
const char *const schema_sensitive[] = {"health", "offence", "maybe", NULL};
const char *const schema_pnr_grounds[] = {"purpose", "secure_id", "other_reason", "consent", NULL};
const char *const schema_told[] = {"shown", "sent", "sign", "task", NULL};
const char *const schema_anonymisers[] = {"truncate", "band", "year", "count", "drop", NULL};
const char *const schema_attributes[] = {"date",  "instant", "number", "flag", "text",
                                         "staff", "party",   "thing",  NULL};
const char *const schema_sees[] = {"nothing", "own", "supplied", NULL};
const char *const schema_causes[] = {"withdrawal", "objection", "refusal", NULL};
const char *const schema_withouts[] = {"suspend", "stop", NULL};
const char *const schema_restricted[] = {"consent", "claims", "rights_of_others", "public_interest",
                                         NULL};
const char *const schema_role_needs[] = {"case", "assigned", NULL};
const char *const schema_bases[] = {"consent", "contract", "precontract", "law",
                                    "vital",   "task",     "interest",    NULL};
const char *const schema_languages[] = {"sv", "en", NULL};
const char *const schema_engine_parts[] = {"categories", "gate",  "ledger",  "marketing", "rights",
                                           "silence",    "sweep", "sources", "vault",     NULL};

static const struct schema_part *const parts[] = {
    &schema_organisation, &schema_data,    &schema_purposes, &schema_people,
    &schema_outward,      &schema_conduct, &schema_promises, &schema_written,
};

const struct schema_row *schema_row(size_t index)
{
  for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
    if (index < parts[i]->count)
      return &parts[i]->rows[index];
    index -= parts[i]->count;
  }
  return NULL;
}

struct schema_section schema_section(const char *name)
{
  struct schema_section section = {.count = 0};
  const char *seen = NULL;  // rows of one section mostly share the text of its name
  bool is_same = false;
  for (size_t i = 0; i < ARRAY_COUNT(parts); i++)
    for (size_t j = 0; j < parts[i]->count; j++) {
      const struct schema_row *row = &parts[i]->rows[j];
      is_same = row->section == seen ? is_same : strcmp(row->section, name) == 0;
      seen = row->section;
      if (!is_same)
        continue;
      INVARIANT(section.count < SCHEMA_SECTION_ROWS_MAX);
      section.rows[section.count++] = row;
    }
  return section;
}
