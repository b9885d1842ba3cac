// The notice for programs: the same content, by the names of the policy and with its words.
#include "base/calendar.h"
#include "base/document.h"
#include "render/notice_parts.h"

struct writing {
  const struct notice_request *request;
  const struct policy *policy;
  enum language language;
};

static void set_title(const struct writing *writing, struct document *object, const char *member,
                      struct view sv, struct view en)
{
  document_set_text(object, member, writing->language == LANGUAGE_SV ? sv : en);
}

static void set_version(struct document *object, const struct policy *policy)
{
  char hash[2 * POLICY_HASH_BYTES + 1];
  char day[CALENDAR_TEXT_BYTES];
  hex_write(policy->hash, sizeof policy->hash, hash);
  calendar_write_date(notice_first_day(policy), day);
  document_set_int(object, "version", policy->version);
  document_set_text(object, "effective", view_of(day));
  document_set_text(object, "sha256", view_of(hash));
}

// ── Purposes ────────────────────────────────────────────────────────────────────────────────

static struct document *basis_document(const struct writing *writing, const struct basis_row *row)
{
  struct document *object = document_object();
  document_set_text(object, "kind", view_of(writing->policy->kinds[row->kind].name));
  document_set_text(object, "basis", view_of(basis_name(row->basis)));
  document_set_text(object, "article", view_of(basis_article(row->basis)));
  document_set_text(object, "in_words", view_of(word_of_basis(writing->language, row->basis)));
  if (row->basis == BASIS_INTEREST)
    set_title(writing, object, "interest", row->interest_sv, row->interest_en);
  return object;
}

static struct document *datum_document(const struct writing *writing, int32_t field,
                                       const struct keep *keep)
{
  OWNED(str) struct str words = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  struct document *object = document_object();
  const struct field *row = &writing->policy->fields[field];
  notice_keep(writing->policy, writing->language, keep, &words);
  document_set_text(object, "field", view_of(row->name));
  document_set_text(object, "type", view_of(word_of_field(writing->language, row->type)));
  document_set_text(object, "keep", view_of(keep->text));
  document_set_text(object, "keep_in_words", str_view(&words));
  document_set_bool(object, "set_by_operator", keep->set_by_operator);
  return object;
}

static struct document *purpose_document(const struct writing *writing, int32_t index)
{
  const struct policy *policy = writing->policy;
  const struct purpose *purpose = &policy->purposes[index];
  struct document *object = document_object();
  struct document *bases = document_array();
  struct document *data = document_array();
  document_set_text(object, "name", view_of(purpose->name));
  set_title(writing, object, "title", purpose->title_sv, purpose->title_en);
  for (int32_t i = 0; i < purpose->basis_count; i++)
    document_add(bases, basis_document(writing, &policy->basis_rows[purpose->first_basis + i]));
  for (int32_t i = set_next(&purpose->fields, 0); i >= 0; i = set_next(&purpose->fields, i + 1)) {
    const struct keep *keep = policy_keep(policy, index, i);
    if (keep != NULL)
      document_add(data, datum_document(writing, i, keep));
  }
  document_set(object, "bases", bases);
  document_set(object, "data", data);
  document_set_bool(object, "direct_marketing", purpose->marketing != MARKETING_NONE);
  return object;
}

// ── The rest ────────────────────────────────────────────────────────────────────────────────

static struct document *point_document(const struct writing *writing, const struct point *point)
{
  const struct policy *policy = writing->policy;
  struct document *object = document_object();
  struct document *fields = document_array();
  struct document *needs = document_array();
  struct document *sources = document_array();
  document_set_text(object, "name", view_of(point->name));
  for (int32_t i = set_next(&point->fields, 0); i >= 0; i = set_next(&point->fields, i + 1))
    document_add_text(fields, view_of(policy->fields[i].name));
  for (int32_t i = set_next(&point->needs, 0); i >= 0; i = set_next(&point->needs, i + 1))
    document_add_text(needs, view_of(policy->fields[i].name));
  for (int32_t i = 0; i < policy->source_count; i++)
    if ((point->sources >> i & 1) != 0)
      document_add_text(sources, view_of(word_of_source(writing->language, policy->sources[i].is)));
  document_set(object, "fields", fields);
  document_set(object, "must_be_given", needs);
  document_set(object, "sources", sources);
  return object;
}

static void set_controller(const struct writing *writing, struct document *notice)
{
  struct document *object = document_object();
  document_set_text(object, "name", writing->policy->controller_name);
  document_set_text(object, "email", writing->policy->controller_email);
  document_set(notice, "controller", object);
}

static void set_lists(const struct writing *writing, struct document *notice)
{
  const struct policy *policy = writing->policy;
  struct document *purposes = document_array();
  struct document *points = document_array();
  struct document *versions = document_array();
  for (int32_t i = 0; i < policy->purpose_count; i++)
    document_add(purposes, purpose_document(writing, i));
  for (int32_t i = 0; i < policy->point_count; i++)
    document_add(points, point_document(writing, &policy->points[i]));
  for (int32_t i = 0; i < writing->request->earlier_count; i++) {
    struct document *version = document_object();
    set_version(version, writing->request->earlier[i]);
    document_add(versions, version);
  }
  document_set(notice, "purposes", purposes);
  document_set(notice, "collection_points", points);
  document_set(notice, "earlier_versions", versions);
}

enum err_code notice_write_json(const struct notice_request *request, struct str *ret_text,
                                struct err *err)
{
  const struct writing writing = {request, request->policy, request->language};
  OWNED(document) struct document *notice = document_object();
  OWNED(str) struct str authority = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  document_set_text(notice, "schema", VIEW_LITERAL("forvar.notice/1"));
  document_set_text(notice, "language", view_of(language_code(request->language)));
  document_set_text(notice, "policy", view_of(request->policy->id));
  set_version(notice, request->policy);
  set_controller(&writing, notice);
  notice_authority(request, &authority);
  document_set_text(notice, "authority", str_view(&authority));
  set_lists(&writing, notice);
  enum err_code code = document_write(notice, DOCUMENT_PRETTY, ret_text, err);
  if (code == ERR_OK)
    str_add_char(ret_text, '\n');
  return code;
}
