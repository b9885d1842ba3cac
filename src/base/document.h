// JSON, behind this one file (jansson): strict reading with line and column, typed access that
// says where a document is wrong by JSON pointer, and building in the order in which members are
// set. A document is a tree that is owned by its root.
//
//   struct document *document = NULL;
//   code = document_read(text, &document, err);
//   code = document_get_text(document, "purpose", &purpose, err);      // "" is not a member:
//   ERR_INPUT document_free(document);
#ifndef FORVAR_BASE_DOCUMENT_H
#define FORVAR_BASE_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct document;

enum { DOCUMENT_BYTES_MAX = 64 * 1024 * 1024, DOCUMENT_DEPTH_MAX = 64 };

// ERR_INPUT with line and column; duplicate members, bad UTF-8 and what follows the document are
// errors. The message never quotes the text.
MUST_CHECK enum err_code document_read(struct view text, struct document **ret_document,
                                       struct err *err);
void document_free(struct document *document);  // of a root; NULL is a no-op
void document_cleanup(struct document **document);

// Reading. Results are borrowed from the document. Each is ERR_INPUT with the member's pointer if
// it is absent or of another type.
MUST_CHECK enum err_code document_get_text(const struct document *object, const char *member,
                                           struct view *ret_text, struct err *err);
MUST_CHECK enum err_code document_get_int(const struct document *object, const char *member,
                                          int64_t *ret_value, struct err *err);
MUST_CHECK enum err_code document_get_bool(const struct document *object, const char *member,
                                           bool *ret_value, struct err *err);
MUST_CHECK enum err_code document_get_object(const struct document *object, const char *member,
                                             const struct document **ret_object, struct err *err);
MUST_CHECK enum err_code document_get_array(const struct document *object, const char *member,
                                            const struct document **ret_array, size_t *ret_count,
                                            struct err *err);
bool document_has(const struct document *object, const char *member);
const struct document *document_at(const struct document *array,
                                   size_t index);  // NULL past the end
bool document_is_object(const struct document *value);
bool document_as_text(const struct document *value,
                      struct view *ret_text);  // false if it is no text

// Calls back for each member in order; a failure stops and is passed through.
MUST_CHECK enum err_code document_each_member(const struct document *object,
                                              enum err_code (*each)(void *context, const char *name,
                                                                    const struct document *value,
                                                                    struct err *err),
                                              void *context, struct err *err);
// ERR_INPUT naming the first member that is not in `names` (`count` of them).
MUST_CHECK enum err_code document_only(const struct document *object, const char *const *names,
                                       size_t count, struct err *err);

// Building. Failures (memory, text that is not UTF-8) stick and come out of document_write.
struct document *document_object(void);
struct document *document_array(void);
void document_set_text(struct document *object, const char *member, struct view text);
void document_set_int(struct document *object, const char *member, int64_t value);
void document_set_bool(struct document *object, const char *member, bool value);
void document_set_null(struct document *object, const char *member);
void document_set(struct document *object, const char *member, struct document *take_value);
void document_add(struct document *array, struct document *take_value);
void document_add_text(struct document *array, struct view text);

enum document_form { DOCUMENT_LINE, DOCUMENT_PRETTY };
// ERR_MEMORY if building failed or the text does not fit.
MUST_CHECK enum err_code document_write(const struct document *document, enum document_form form,
                                        struct str *ret_text, struct err *err);

#endif
