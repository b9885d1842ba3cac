// jansson's values are the tree; `struct document` is only another name for its type. A build
// step that fails leaves a marker in the root that makes document_write refuse.
#include "base/document.h"

#include <jansson.h>
#include <string.h>

static json_t *inner(const struct document *value) { return (json_t *)(uintptr_t)value; }
static struct document *outer(json_t *value) { return (struct document *)(void *)value; }

enum err_code document_read(struct view text, struct document **ret_document, struct err *err)
{
  if (text.length > DOCUMENT_BYTES_MAX)
    return err_set(err, ERR_LIMIT, "a JSON document is longer than %d bytes", DOCUMENT_BYTES_MAX);
  json_error_t error;
  const char *bytes = text.bytes == NULL ? "" : text.bytes;
  json_t *value = json_loadb(bytes, text.length, JSON_REJECT_DUPLICATES, &error);
  if (value != NULL) {
    *ret_document = outer(value);
    return ERR_OK;
  }
  enum err_code code = err_set(err, ERR_INPUT, "the text is not a JSON document");
  err_where(err, "line %d column %d", error.line, error.column);
  return code;
}

void document_free(struct document *document) { json_decref(inner(document)); }
void document_cleanup(struct document **document) { document_free(*document); }

// ── Reading ─────────────────────────────────────────────────────────────────────────────────

static enum err_code wrong_member(const char *member, const char *what, struct err *err)
{
  enum err_code code = err_set(err, ERR_INPUT, "%s is missing or not %s", member, what);
  err_where(err, "/%s", member);
  return code;
}

enum err_code document_get_text(const struct document *object, const char *member,
                                struct view *ret_text, struct err *err)
{
  if (!document_as_text(outer(json_object_get(inner(object), member)), ret_text))
    return wrong_member(member, "a text", err);
  return ERR_OK;
}

enum err_code document_get_int(const struct document *object, const char *member,
                               int64_t *ret_value, struct err *err)
{
  const json_t *value = json_object_get(inner(object), member);
  if (!json_is_integer(value))
    return wrong_member(member, "a whole number", err);
  *ret_value = json_integer_value(value);
  return ERR_OK;
}

enum err_code document_get_bool(const struct document *object, const char *member, bool *ret_value,
                                struct err *err)
{
  const json_t *value = json_object_get(inner(object), member);
  if (!json_is_boolean(value))
    return wrong_member(member, "true or false", err);
  *ret_value = json_is_true(value);
  return ERR_OK;
}

enum err_code document_get_object(const struct document *object, const char *member,
                                  const struct document **ret_object, struct err *err)
{
  json_t *value = json_object_get(inner(object), member);
  if (!json_is_object(value))
    return wrong_member(member, "an object", err);
  *ret_object = outer(value);
  return ERR_OK;
}

enum err_code document_get_array(const struct document *object, const char *member,
                                 const struct document **ret_array, size_t *ret_count,
                                 struct err *err)
{
  json_t *value = json_object_get(inner(object), member);
  if (!json_is_array(value))
    return wrong_member(member, "a list", err);
  *ret_array = outer(value);
  *ret_count = json_array_size(value);
  return ERR_OK;
}

bool document_has(const struct document *object, const char *member)
{
  return json_object_get(inner(object), member) != NULL;
}

const struct document *document_at(const struct document *array, size_t index)
{
  return outer(json_array_get(inner(array), index));
}

bool document_is_object(const struct document *value) { return json_is_object(inner(value)); }

bool document_as_text(const struct document *value, struct view *ret_text)
{
  const json_t *text = inner(value);
  if (!json_is_string(text))
    return false;
  *ret_text = view_bytes(json_string_value(text), json_string_length(text));
  return true;
}

enum err_code document_each_member(const struct document *object,
                                   enum err_code (*each)(void *context, const char *name,
                                                         const struct document *value,
                                                         struct err *err),
                                   void *context, struct err *err)
{
  const char *name;
  json_t *value;
  json_object_foreach(inner(object), name, value)
  {
    enum err_code code = each(context, name, outer(value), err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

enum err_code document_only(const struct document *object, const char *const *names, size_t count,
                            struct err *err)
{
  const char *name;
  json_t *value;
  json_object_foreach(inner(object), name, value)
  {
    bool known = false;
    for (size_t i = 0; i < count; i++)
      known = known || strcmp(names[i], name) == 0;
    if (known)
      continue;
    enum err_code code = err_set(err, ERR_INPUT, "the document has a member that is not known");
    err_hint(err, "known are only the members that the documentation of this call lists");
    return code;
  }
  return ERR_OK;
}

// ── Building ────────────────────────────────────────────────────────────────────────────────

struct document *document_object(void) { return outer(json_object()); }
struct document *document_array(void) { return outer(json_array()); }

// Without memory the value is lost; NULL in its place makes writing refuse.
void document_set(struct document *object, const char *member, struct document *take_value)
{
  json_t *value = take_value == NULL ? json_true() : inner(take_value);
  const char *name = take_value == NULL ? "\x01" : member;
  if (json_object_set_new(inner(object), name, value) != 0)
    (void)json_object_set_new(inner(object), "\x01", json_true());  // said by document_write
}

void document_set_text(struct document *object, const char *member, struct view text)
{
  const char *bytes = text.bytes == NULL ? "" : text.bytes;
  document_set(object, member, outer(json_stringn(bytes, text.length)));
}

void document_set_int(struct document *object, const char *member, int64_t value)
{
  document_set(object, member, outer(json_integer(value)));
}

void document_set_bool(struct document *object, const char *member, bool value)
{
  document_set(object, member, outer(json_boolean(value)));
}

void document_set_null(struct document *object, const char *member)
{
  document_set(object, member, outer(json_null()));
}

void document_add(struct document *array, struct document *take_value)
{
  json_t *value = take_value == NULL ? json_pack("{s:b}", "\x01", 1) : inner(take_value);
  (void)json_array_append_new(inner(array), value);  // a value that is missing is seen on writing
}

void document_add_text(struct document *array, struct view text)
{
  document_add(array, outer(json_stringn(text.bytes == NULL ? "" : text.bytes, text.length)));
}

static bool is_whole(const json_t *value)
{
  const char *name;
  json_t *member;
  size_t index;
  if (value == NULL || json_object_get(value, "\x01") != NULL)
    return false;
  json_object_foreach((json_t *)(uintptr_t)value, name, member)
  {
    if (!is_whole(member))
      return false;
  }
  json_array_foreach(value, index, member)
  {
    if (!is_whole(member))
      return false;
  }
  return true;
}

static int add_chunk(const char *bytes, size_t length, void *context)
{
  str_add(context, view_bytes(bytes, length));
  return str_ok(context) ? 0 : -1;
}

enum err_code document_write(const struct document *document, enum document_form form,
                             struct str *ret_text, struct err *err)
{
  size_t flags = form == DOCUMENT_PRETTY ? JSON_INDENT(2) : JSON_COMPACT;
  if (!is_whole(inner(document)) ||
      json_dump_callback(inner(document), add_chunk, ret_text, flags) != 0)
    return err_set(err, ERR_MEMORY, "a JSON document could not be built or does not fit");
  return ERR_OK;
}
