// Refused because advertising asks for more than that nobody said no: consent or custom for e-mail
// and text messages, washed lists for calls, fresh addresses for letters (marknadsföringslagen
// 19-21 §§).
#include <string.h>

#include "base/calendar.h"
#include "gate/inside.h"
#include "policy/law.h"

enum {
  ELECTRONIC = 1 << CHANNEL_EMAIL | 1 << CHANNEL_SMS | 1 << CHANNEL_MMS,
};

static bool is_by(const struct use *use, uint32_t channels)
{
  return use->purpose != NULL && use->purpose->marketing != MARKETING_NONE &&
         use->request->channel != GATE_NO_CHANNEL && (channels >> use->request->channel & 1) != 0;
}

static bool rests_on_consent(const struct use *use)
{
  return use->basis_row >= 0 && use->policy->basis_rows[use->basis_row].basis == BASIS_CONSENT;
}

static const struct kind *kind_of(const struct use *use)
{
  return use->basis_row < 0 ? NULL
                            : &use->policy->kinds[use->policy->basis_rows[use->basis_row].kind];
}

// A customer of now or lately: who is one because of a thing of theirs.
static bool is_customer(const struct use *use)
{
  const struct kind *kind = kind_of(use);
  return kind != NULL && policy_kind_is_derived(kind);
}

// E-mail to a natural person, a sole trader too, that does not rest on a consent: 19 § second
// paragraph, of which every condition must hold.
static bool asks_for_custom(const struct use *use)
{
  const struct kind *kind = kind_of(use);
  return is_by(use, ELECTRONIC) && !rests_on_consent(use) && (kind == NULL || !kind->is_legal);
}

// ── The rule of a channel ───────────────────────────────────────────────────────────────────

// The consent that the policy itself names for the channel.
static bool lacks_named_consent(const struct use *use)
{
  int32_t consent = use->purpose->terms.marketing.consents[use->request->channel] - 1;
  if (consent < 0)
    return false;
  struct span_ref held = use->policy->consents[consent].held;
  bool is_stale = (use->person->stale_consents >> consent & 1) != 0;
  return held.scope == SPAN_NONE || is_stale ||
         !gate_is_active(use->policy->zone, use->person->any_spans[held.index],
                         use->request->now_us);
}

static bool is_older(const struct use *use, const char *law, int64_t since_us)
{
  const struct zone *zone = use->policy->zone;
  struct period period;
  int64_t today = zone_day(zone, use->request->now_us);
  int32_t fact = law_find(LAW_MARKETING, view_of(law), today);
  return fact >= 0 && period_read(view_of(law_text(fact, "list_age")), &period) &&
         today > calendar_add_days(zone_day(zone, since_us), period);
}

// Calls: the block list is one of the last months, and who stands on it is called only by whom they
// buy from, or with their consent.
static bool is_blocked_call(const struct use *use)
{
  const struct gate_request *request = use->request;
  if (!is_by(use, 1 << CHANNEL_PHONE) || request->blocked == GATE_LIST_UNASKED)
    return false;
  if (is_older(use, "se.call", request->washed_us))
    return true;
  return request->blocked == GATE_LIST_BLOCKS && !rests_on_consent(use) && !is_customer(use);
}

// Letters: an address that was bought is not old, and not one that the register blocks.
static bool is_stale_address(const struct use *use)
{
  if (!is_by(use, 1 << CHANNEL_LETTER) || use->record->origin != GATE_ORIGIN_LIST)
    return false;
  return use->request->blocked == GATE_LIST_BLOCKS ||
         is_older(use, "se.post", use->record->obtained_us);
}

static bool is_address(const struct use *use)
{
  if (use->request->field < 0)
    return false;
  enum field_type type = use->policy->fields[use->request->field].type;
  return type == FIELD_EMAIL || type == FIELD_PHONE;
}

bool gate_is_against_channel(const struct use *use)
{
  if (!is_by(use, use->purpose == NULL ? 0 : use->purpose->marketing))
    return false;
  bool is_got_elsewhere = is_address(use) && use->record->origin > GATE_ORIGIN_PERSON;
  return lacks_named_consent(use) || (asks_for_custom(use) && is_got_elsewhere) ||
         is_blocked_call(use) || is_stale_address(use);
}

// ── The other conditions ────────────────────────────────────────────────────────────────────

bool gate_is_not_similar(const struct use *use)
{
  return asks_for_custom(use) && use->request->goods == GATE_GOODS_OTHER;
}

bool gate_has_no_way_out(const struct use *use)
{
  return asks_for_custom(use) && use->record->no_way_out;
}

bool gate_is_past_window(const struct use *use)
{
  if (use->purpose == NULL || use->purpose->terms.marketing.window == NULL)
    return false;
  struct end end = keep_end(use->purpose->terms.marketing.window, &use->facts);
  return end.state == END_AT && use->request->now_us >= end.use_us;
}
