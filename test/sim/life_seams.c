// The seams of the home: small files on the disk that loses power, heads pushed to a place that
// never does, and a network that is away now and then.
#include "life.h"

#include <stdio.h>
#include <string.h>

enum { AWAY_PERCENT = 10 };

static enum err_code push_head(void *context, const char *name, struct view bytes, struct err *err)
{
  (void)name;
  struct life *life = context;
  str_add(&life->heads, bytes);
  return str_ok(&life->heads) ? ERR_OK : err_set(err, ERR_MEMORY, "no memory for a head");
}

// ── The network ─────────────────────────────────────────────────────────────────────────────

static int person_of_key(const struct life *life, struct view name)
{
  for (int i = 0; i < life->person_count; i++) {
    char text[PUBLIC_ID_BYTES];
    id_write('p', life->persons[i].id.value, vault_public_id_key(core_vault(life->core)), text);
    if (life->persons[i].id.value != 0 && view_is(name, text))
      return i;
  }
  return -1;
}

// The message with this number, or one whose number a crash swallowed.
static int find_message(struct life *life, int person, int64_t id)
{
  int found = -1;
  for (int i = 0; i < life->message_count; i++) {
    if (life->messages[i].person != person)
      continue;
    if (life->messages[i].id == id)
      return i;
    if (life->messages[i].id == 0)
      found = i;
  }
  if (found >= 0)
    life->messages[found].id = id;
  return found;
}

static enum err_code deliver(void *context, int channel, const char *key, struct view address,
                             struct view payload, struct err *err)
{
  (void)channel;
  (void)payload;
  struct life *life = context;
  if (life_chance(life, AWAY_PERCENT))
    return err_set(err, ERR_BUSY, "the network is away");
  struct view number = view_of(key);
  int person = person_of_key(life, view_cut(&number, '.'));
  int64_t id = 0;
  char text[LIFE_NOTE_BYTES];
  (void)snprintf(text, sizeof text, "%.*s", (int)address.length, address.bytes);
  bool is_key = person >= 0 && view_int64(number, &id);
  int message = is_key ? find_message(life, person, id) : -1;
  life_note(life, "delivered message %d to person %d at %s", message, person, text);
  if (!is_key)
    life_complain(life, "P2: a message went to somebody unknown: %s", key);
  else
    oracle_delivered(life->oracle, life->now_us, person, message, text);
  life->counts.sent++;
  return ERR_OK;
}

void life_seams(struct life *life)
{
  life->disk = crash_vfs_disk(life->vfs);
  life->outward = (struct disk){NULL, NULL, push_head, life};
  life->network = (struct network){deliver, life};
  life->choices = random_from_seed(&life->choice_seeded);
}
