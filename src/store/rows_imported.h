// Rows of imports: what each line of a file became. The rules for all rows stand in rows.h.
#ifndef FORVAR_STORE_ROWS_IMPORTED_H
#define FORVAR_STORE_ROWS_IMPORTED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct store;

struct imported_row {
  struct person_id person;  // 0: was erased since; the line stays so that it is not imported again
  int64_t import;
  int64_t line;      // data row of the file, 1 is the first
  int64_t thing;     // that the line made, 0: none
  int64_t events;    // that the thing had when the line was in
  bool made;         // the line, or one before it of the same import, made the person
  struct view rids;  // ids of the records that the line made, eight bytes each, low byte first
};
// ERR_EXISTS if the line is in already.
MUST_CHECK enum err_code store_imported_add(struct store *, const struct imported_row *,
                                            struct err *);
MUST_CHECK enum err_code store_imported_get(struct store *, struct person_id, int64_t import,
                                            int64_t line, struct imported_row *ret, bool *ret_found,
                                            struct err *);
// Did a line of this import make the person?
MUST_CHECK enum err_code store_imported_made(struct store *, struct person_id, int64_t import,
                                             bool *ret_made, struct err *);
MUST_CHECK enum err_code store_imported_delete(struct store *, struct person_id, int64_t import,
                                               int64_t line, struct err *);
// The first row of a person, and all of them; person 0: those of erased persons.
MUST_CHECK enum err_code store_imported_first(struct store *, struct person_id,
                                              struct imported_row *ret, bool *ret_found,
                                              struct err *);
MUST_CHECK enum err_code store_imported_each(
    struct store *, struct person_id,
    enum err_code (*each)(void *, const struct imported_row *, struct err *), void *, struct err *);
// Lines of an import after or before one, in order or in reverse order: fan-out.
MUST_CHECK enum err_code store_imported_after(
    struct store *, int64_t import, int64_t line, int64_t limit,
    enum err_code (*each)(void *, const struct imported_row *, struct err *), void *, struct err *);
MUST_CHECK enum err_code store_imported_before(
    struct store *, int64_t import, int64_t line, int64_t limit,
    enum err_code (*each)(void *, const struct imported_row *, struct err *), void *, struct err *);

#endif
