// What the server does by itself. Each job leads while it runs; other threads' operations ride in
// its batches.
#include <stdio.h>
#include <string.h>

#include "core/task.h"
#include "core/use.h"
#include "core/verbs.h"
#include "home/internal.h"
#include "notify/outbox.h"
#include "policy/schema.h"
#include "retain/sweep.h"
#include "rights/request.h"
#include "store/store.h"
#include "vault/vault.h"

#define JOB_HEAD_US CLOCK_SECOND_US
#define JOB_TRUNCATE_US (10 * CLOCK_MINUTE_US)
#define JOB_EPOCH_US (30 * CLOCK_DAY_US)
#define JOB_SWEEP_AGAIN_US (5 * CLOCK_MINUTE_US)

// A message goes to the spool as one file, named by its key: whoever picks it up sees a message
// that was handed over twice under one name.
static enum err_code deliver(void *context, int channel, const char *key, struct view address,
                             struct view payload, struct err *err)
{
  const struct home *home = context;
  char name[OUTBOX_KEY_BYTES + 16];
  (void)snprintf(name, sizeof name, "%s.msg", key);
  OWNED(str) struct str text = STR_INIT(VALUE_BYTES_MAX + OUTBOX_PAYLOAD_BYTES_MAX + 100);
  str_format(&text, "Channel: %s\nTo: ", schema_channels[channel]);
  str_add(&text, address);
  str_add(&text, VIEW_LITERAL("\n\n"));
  str_add(&text, payload);
  if (!str_ok(&text))
    return err_set(err, ERR_MEMORY, "no memory for a message");
  struct disk disk = disk_folder(home->outbox_folder);
  return disk.replace(disk.context, name, str_view(&text), err);
}

struct network home_network(const struct home *home)
{
  return (struct network){deliver, (void *)(uintptr_t)home};
}

static enum err_code push_head(struct home *home, int64_t now_us, struct err *err)
{
  if (now_us - home->head_us < JOB_HEAD_US)
    return ERR_OK;
  home->head_us = now_us;
  return core_checkpoint(home->core, err);
}

// A sweep that waits for somebody asks every second whether the word was said; one that broke off
// is tried again after a while.
static bool waits_for_a_person(enum err_code code)
{
  return code == ERR_CLOCK || code == ERR_STOPPED;
}

static void rest(void *context)
{
  struct home *home = context;
  home_lead_pass(home);
}

// The sweep of a day runs from 23:00 local on, and once at start, for the days that were missed.
static enum err_code sweep_if_due(struct home *home, int64_t now_us, struct err *err)
{
  const struct policy *policy = core_policy(home->core);
  if (policy == NULL)
    return ERR_OK;
  int64_t day = zone_day(policy->zone, now_us);
  int64_t since_us = zone_instant(policy->zone, day, KEEP_SWEEP_HOUR * CLOCK_HOUR_US);
  int64_t wanted = now_us >= since_us ? day : day - 1;
  if (home->swept_day == wanted)
    return ERR_OK;
  if (now_us < home->sweep_again_us)
    return ERR_OK;
  const struct sweep_pace pace = {rest, home};
  struct sweep_result result;
  enum err_code code = sweep_run_automatic(home->core, &pace, &result, err);
  if (code == ERR_OK)
    home->swept_day = wanted;
  else if (!waits_for_a_person(code))
    home->sweep_again_us = now_us + JOB_SWEEP_AGAIN_US;
  return code;
}

// Now and then the write-ahead log is emptied, so that erased bytes do not stay in it.
static enum err_code empty_log(struct home *home, int64_t now_us, struct err *err)
{
  if (now_us - home->truncated_us < JOB_TRUNCATE_US)
    return ERR_OK;
  readers_rest(home->core);
  enum err_code code = store_checkpoint(core_store(home->core), true, err);
  if (code == ERR_OK)
    home->truncated_us = now_us;
  return code == ERR_BUSY ? ERR_OK : code;  // a use is in progress: next time
}

// A change that a crash broke off goes on at once: until its end the old epoch key still opens what
// was erased before it began.
static enum err_code change_epoch_if_due(struct home *home, int64_t now_us, struct err *err)
{
  const struct vault *vault = core_vault(home->core);
  bool is_broken_off = vault_epoch(vault) != vault_epoch_oldest(vault);
  bool is_due = is_broken_off || now_us - vault_epoch_since_us(vault) >= JOB_EPOCH_US;
  if (core_is_clock_stopped(home->core) || !is_due)
    return ERR_OK;
  return epoch_change(home->core, err);
}

static enum err_code run_jobs(struct home *home, struct err *err)
{
  int64_t now_us = core_now_us(home->core);
  struct network network = home_network(home);
  struct outbox_result sent;
  enum err_code code = core_step(home->core, err);  // kept entries, heartbeat
  if (code == ERR_OK)
    code = core_policy_day(home->core, err);
  if (code == ERR_OK)
    code = request_see_overdue(home->core, NULL, NULL, err);
  if (code == ERR_OK)
    code = tasks_see_overdue(home->core, err);
  if (code == ERR_OK)
    code = outbox_send_due(home->core, &network, &sent, err);
  if (code == ERR_OK)
    code = operations_forget(home->core, err);
  if (code == ERR_OK)
    code = change_epoch_if_due(home, now_us, err);
  if (code == ERR_OK)
    code = push_head(home, now_us, err);
  if (code == ERR_OK)
    code = empty_log(home, now_us, err);
  return code != ERR_OK ? code : sweep_if_due(home, now_us, err);
}

enum err_code home_jobs(struct home *home, struct err *err)
{
  home_lead_begin(home);
  enum err_code code = run_jobs(home, err);
  home_lead_end(home);
  return code;
}
