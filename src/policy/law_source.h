// The files of law, read strictly and written out as a table of C: what the build runs once, before
// the library is compiled. A mistake in a file stops the build with its place.
#ifndef FORVAR_POLICY_LAW_SOURCE_H
#define FORVAR_POLICY_LAW_SOURCE_H

#include "base/arena.h"
#include "policy/law.h"
#include "policy/read.h"

enum { LAW_FACTS_MAX = 1000, LAW_VALUES_MAX = 24 };

struct law_source {
  struct arena arena;
  struct law_fact *facts;  // in the order of the file; in the arena
  int32_t fact_count;
  struct law_pack pack;  // hash not yet given
};
#define LAW_SOURCE_INIT                 \
  {                                     \
    ARENA_INIT, NULL, 0, { "", "", "" } \
  }

// ERR_FINDINGS with the findings if the file is not of the form; ERR_MEMORY.
MUST_CHECK enum err_code law_source_read(struct view text, struct law_source *ret_source,
                                         struct finding_list *ret_findings, struct err *err);
void law_source_clear(struct law_source *source);
void law_source_cleanup(struct law_source *source);

// The facts of all sources as one C file that defines law_facts and law_packs.
void law_source_write(const struct law_source *sources, int32_t count, struct str *ret_text);

// What law_source_write defines and law.c reads.
extern const struct law_fact law_facts[];
extern const int32_t law_facts_count;
extern const struct law_pack law_packs[];
extern const int32_t law_packs_count;

#endif
