// Layout of the file: the checkpoint note, then "state INDEX DIGEST" and "edge HASHES", where the
// hashes are the roots of the full subtrees on the right edge, largest first, in hexadecimal.
#include <string.h>

#include "core/internal.h"

#define PIN_FILE "head.pin"

enum { PIN_BYTES_MAX = LEDGER_CHECKPOINT_BYTES_MAX + 64 * 2 * LEDGER_HASH_BYTES + 200 };

static enum err_code malformed(struct err *err)
{
  enum err_code code = err_set(err, ERR_INTEGRITY, "the pinned head is malformed");
  err_where(err, PIN_FILE);
  err_hint(err, "remove the file to check the whole log anew, and find out who changed it");
  return code;
}

// The note ends with the line of its signature, the fifth.
static struct view cut_note(struct view *rest)
{
  struct view all = *rest;
  for (int line = 0; line < 5; line++)
    (void)view_cut(rest, '\n');
  size_t left = rest->bytes == NULL ? 0 : rest->length;
  return view_bytes(all.bytes, all.length - left);
}

static bool read_state(struct view line, struct pin *pin)
{
  struct view word = view_cut(&line, ' ');
  struct view index = view_cut(&line, ' ');
  return view_is(word, "state") && view_int64(index, &pin->state_index) &&
         hex_read(line, pin->digest, sizeof pin->digest);
}

static bool read_edge(struct view line, struct pin *pin)
{
  struct view word = view_cut(&line, ' ');
  if (!view_is(word, "edge"))
    return false;
  pin->tree.size = pin->size;
  for (int level = 62; level >= 0; level--) {
    if ((pin->size >> level & 1) == 0)
      continue;
    if (line.length < 2 * LEDGER_HASH_BYTES)
      return false;
    struct view hash = view_bytes(line.bytes, 2 * LEDGER_HASH_BYTES);
    if (!hex_read(hash, pin->tree.edge[level], LEDGER_HASH_BYTES))
      return false;
    line = view_bytes(line.bytes + hash.length, line.length - hash.length);
  }
  return line.length == 0;
}

enum err_code pin_read(const struct core *core, struct pin *ret_pin, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(PIN_BYTES_MAX);
  struct pin pin = {.size = 0, .state_index = -1};
  tree_init(&pin.tree);
  struct err of_disk = ERR_INIT;
  enum err_code code =
      core->disk.read(core->disk.context, PIN_FILE, PIN_BYTES_MAX, &text, &of_disk);
  if (code == ERR_NOT_FOUND) {
    *ret_pin = pin;
    return ERR_OK;
  }
  if (code != ERR_OK) {
    *err = of_disk;
    return code;
  }
  struct view rest = str_view(&text);
  struct view note = cut_note(&rest);
  unsigned char root[LEDGER_HASH_BYTES];
  code = checkpoint_read(note, core->signer.origin, core->signer.public_key, &pin.size, root, err);
  if (code != ERR_OK)
    return code;
  struct view state = view_cut(&rest, '\n');
  struct view edge = view_cut(&rest, '\n');
  unsigned char of_edge[LEDGER_HASH_BYTES];
  if (!read_state(state, &pin) || !read_edge(edge, &pin) || rest.length != 0)
    return malformed(err);
  tree_root(&pin.tree, of_edge);
  if (memcmp(of_edge, root, sizeof root) != 0)
    return malformed(err);
  *ret_pin = pin;
  return ERR_OK;
}

enum err_code pin_write(struct core *core, const struct str *note, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(PIN_BYTES_MAX);
  char hex[2 * LEDGER_HASH_BYTES + 1];
  str_add(&text, str_view(note));
  unsigned char digest[VAULT_DIGEST_BYTES];
  head_digest(&core->head, digest);
  hex_write(digest, sizeof digest, hex);
  str_format(&text, "state %lld %s\nedge ", (long long)core->head.state_index, hex);
  for (int level = 62; level >= 0; level--) {
    if ((core->tree.size >> level & 1) == 0)
      continue;
    hex_write(core->tree.edge[level], LEDGER_HASH_BYTES, hex);
    str_add(&text, view_of(hex));
  }
  str_add_char(&text, '\n');
  if (!str_ok(&text))
    return err_set(err, ERR_MEMORY, "no memory for the pinned head");
  return core->disk.replace(core->disk.context, PIN_FILE, str_view(&text), err);
}
