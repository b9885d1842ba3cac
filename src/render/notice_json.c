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
  struct view title = writing->language == LANGUAGE_SV ? row->title.sv : row->title.en;
  document_set_text(
      object, "title",
      title.length > 0 ? title : view_of(word_of_field(writing->language, row->type)));
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
  document_set_bool(object, "profiling", purpose->terms.profiling[0] != '\0');
  document_set_bool(object, "automated_decisions", purpose->terms.reviewer[0] != '\0');
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
  if (point->title.sv.length > 0)
    set_title(writing, object, "title", point->title.sv, point->title.en);
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

// ── Who, and who else ───────────────────────────────────────────────────────────────────────

static void set_said(struct document *object, const char *member, struct view value)
{
  if (value.length > 0 && !organisation_is_setting(value))
    document_set_text(object, member, value);
}

static void set_controllers(const struct writing *writing, struct document *notice)
{
  const struct organisation *organisation = &writing->policy->organisation;
  struct document *controllers = document_array();
  for (int32_t i = 0; i < organisation->controller_count; i++) {
    const struct controller *row = &organisation->controllers[i];
    struct document *object = document_object();
    document_set_text(object, "name", row->legal_name);
    set_said(object, "number", row->number);
    set_said(object, "email", row->email);
    set_said(object, "post", row->post);
    set_said(object, "phone", row->phone);
    document_set_text(object, "role", view_of(controller_role_names[row->role]));
    set_said(object, "essence",
             writing->language == LANGUAGE_SV ? row->essence.title.sv : row->essence.title.en);
    document_add(controllers, object);
  }
  document_set(notice, "controllers", controllers);
  if (organisation->officer.place.line == 0)
    return;
  struct document *officer = document_object();
  set_said(officer, "name", organisation->officer.name);
  set_said(officer, "contact", organisation->officer.contact);
  document_set(notice, "data_protection_officer", officer);
}

static void add_purposes(const struct policy *policy, const struct set *purposes,
                         struct document *list)
{
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1))
    document_add_text(list, view_of(policy->purposes[i].name));
}

static void add_fields(const struct policy *policy, const struct set *fields, struct document *list)
{
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1))
    document_add_text(list, view_of(policy->fields[i].name));
}

static struct document *parties_document(const struct outward *outward, int32_t recipient)
{
  struct document *parties = document_array();
  for (int32_t i = 0; i < outward->party_count; i++) {
    if (outward->parties[i].recipient != recipient || !outward->parties[i].allowed)
      continue;
    struct document *party = document_object();
    document_set_text(party, "name", outward->parties[i].legal_name);
    document_set_text(party, "country", view_of(outward->parties[i].country));
    document_add(parties, party);
  }
  return parties;
}

static struct document *recipient_document(const struct writing *writing, int32_t index)
{
  const struct recipient *row = &writing->policy->outward.recipients[index];
  struct document *object = document_object();
  struct document *purposes = document_array();
  struct document *fields = document_array();
  struct document *places = document_array();
  document_set_text(object, "name", view_of(row->name));
  set_title(writing, object, "title", row->title.sv, row->title.en);
  document_set_text(object, "is", view_of(recipient_is_names[row->is]));
  add_purposes(writing->policy, &row->purposes, purposes);
  add_fields(writing->policy, &row->gets.fields, fields);
  if (row->places.eea)
    document_add_text(places, VIEW_LITERAL("eea"));
  if (row->places.adequate)
    document_add_text(places, VIEW_LITERAL("adequate"));
  for (int32_t i = 0; i < row->places.country_count; i++)
    document_add_text(places, view_of(row->places.countries[i]));
  document_set(object, "purposes", purposes);
  document_set(object, "gets", fields);
  document_set(object, "places", places);
  if (row->safeguard != SAFEGUARD_NONE)
    document_set_text(object, "safeguard", view_of(safeguard_names[row->safeguard - 1]));
  document_set(object, "parties", parties_document(&writing->policy->outward, index));
  return object;
}

static struct document *cookie_document(const struct writing *writing, const struct cookie *row)
{
  enum { PERIOD_BYTES = 24 };
  char period[PERIOD_BYTES];
  struct document *object = document_object();
  struct document *purposes = document_array();
  document_set_text(object, "name", view_of(row->name));
  document_set_text(object, "type", view_of(cookie_type_names[row->type]));
  document_set_bool(object, "necessary", row->necessary);
  if (row->life.number > 0) {
    period_write(row->life, period);
    document_set_text(object, "life", view_of(period));
  }
  add_purposes(writing->policy, &row->purposes, purposes);
  document_set(object, "purposes", purposes);
  set_title(writing, object, "why", row->why.sv, row->why.en);
  return object;
}

static void set_outward(const struct writing *writing, struct document *notice)
{
  const struct policy *policy = writing->policy;
  struct document *recipients = document_array();
  struct document *cookies = document_array();
  for (int32_t i = 0; i < policy->outward.recipient_count; i++)
    document_add(recipients, recipient_document(writing, i));
  for (int32_t i = 0; i < policy->conduct.cookie_count; i++)
    document_add(cookies, cookie_document(writing, &policy->conduct.cookies[i]));
  document_set(notice, "recipients", recipients);
  document_set(notice, "cookies", cookies);
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
  set_controllers(&writing, notice);
  notice_authority(request, &authority);
  document_set_text(notice, "authority", str_view(&authority));
  set_lists(&writing, notice);
  set_outward(&writing, notice);
  enum err_code code = document_write(notice, DOCUMENT_PRETTY, ret_text, err);
  if (code == ERR_OK)
    str_add_char(ret_text, '\n');
  return code;
}
