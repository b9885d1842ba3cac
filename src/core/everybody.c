#include "core/everybody.h"

#include "store/rows.h"

enum { PERSONS_PER_PAGE = 64 };

struct page {
  struct person_id persons[PERSONS_PER_PAGE];
  int32_t count;
};

static enum err_code collect(void *context, const struct person_row *row, struct err *err)
{
  (void)err;
  struct page *page = context;
  page->persons[page->count++] = row->person;
  return ERR_OK;
}

enum err_code everybody_each(struct store *store,
                             enum err_code (*each)(void *context, struct person_id person,
                                                   struct err *err),
                             void *context, struct err *err)
{
  struct page page = {.count = PERSONS_PER_PAGE};
  struct person_id after = {0};
  enum err_code code = ERR_OK;
  while (code == ERR_OK && page.count == PERSONS_PER_PAGE) {
    page.count = 0;
    code = store_person_each(store, after, PERSONS_PER_PAGE, collect, &page, err);
    for (int32_t i = 0; code == ERR_OK && i < page.count; i++) {
      after = page.persons[i];
      code = each(context, after, err);
    }
  }
  return code;
}
