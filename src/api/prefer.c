#include "api/prefer.h"

#include <string.h>

enum { WEIGHT_WHOLE = 1000 };  // a weight has at most three decimals

// How closely a range names an offer.
enum closeness { CLOSE_NOT, CLOSE_ANY, CLOSE_TYPE, CLOSE_EXACT };

static enum closeness of_media(struct view range, const char *offer)
{
  if (view_is(range, "*/*"))
    return CLOSE_ANY;
  if (view_is(range, offer))
    return CLOSE_EXACT;
  size_t length = range.length;
  bool is_type = length > 2 && memcmp(range.bytes + length - 2, "/*", 2) == 0 &&
                 strncmp(offer, range.bytes, length - 1) == 0;
  return is_type ? CLOSE_TYPE : CLOSE_NOT;
}

static enum closeness of_language(struct view range, const char *offer)
{
  size_t length = strlen(offer);
  if (view_is(range, "*"))
    return CLOSE_ANY;
  bool is_named =
      view_starts(range, offer) && (range.length == length || range.bytes[length] == '-');
  return is_named ? CLOSE_EXACT : CLOSE_NOT;
}

// "0.5" in thousandths; -1 if it is no weight.
static int read_weight(struct view text)
{
  int weight = 0;
  int place = WEIGHT_WHOLE;
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    if (i == 1 && c == '.')
      continue;
    if (c < '0' || c > '9' || place == 0)
      return -1;
    weight += (c - '0') * place;
    place /= 10;
  }
  return text.length == 0 || weight > WEIGHT_WHOLE ? -1 : weight;
}

static int weight_of(struct view parameters)
{
  while (parameters.length > 0) {
    struct view parameter = view_trim(view_cut(&parameters, ';'));
    if (view_starts(parameter, "q=") || view_starts(parameter, "Q="))
      return read_weight(view_bytes(parameter.bytes + 2, parameter.length - 2));
  }
  return WEIGHT_WHOLE;
}

// The closest range counts; of equally close ones the heaviest.
static int weigh(enum prefer_of of, struct view header, const char *offer)
{
  enum closeness closest = CLOSE_NOT;
  int found = 0;
  while (header.length > 0) {
    struct view parameters = view_cut(&header, ',');
    struct view range = view_trim(view_cut(&parameters, ';'));
    enum closeness close = of == PREFER_MEDIA ? of_media(range, offer) : of_language(range, offer);
    int weight = weight_of(parameters);
    if (close == CLOSE_NOT || close < closest || (close == closest && weight <= found))
      continue;
    closest = close;
    found = weight;
  }
  return found;
}

int prefer(enum prefer_of of, struct view header, const char *const *offers, int count)
{
  int best = 0;
  int best_weight = 0;
  for (int i = 0; i < count; i++) {
    int weight = weigh(of, header, offers[i]);
    if (weight <= best_weight)
      continue;
    best = i;
    best_weight = weight;
  }
  return best;
}
