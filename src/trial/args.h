// The keys of a line, read into what they name. Inside the module only.
//
// Each function that returns bool writes its result and returns true, or notes an error in the
// test and returns false.
#ifndef FORVAR_TRIAL_ARGS_H
#define FORVAR_TRIAL_ARGS_H

#include "trial/run.h"

struct view trial_arg(const struct trial_line *line, const char *key);  // empty if absent
bool trial_has(const struct trial_line *line, const char *key);
struct place trial_arg_place(const struct trial_line *line, const char *key);
// The texts of a key that may be one text or a list; 0 if it is absent.
int32_t trial_arg_count(const struct trial_line *line, const char *key);
struct view trial_arg_at(const struct trial_line *line, const char *key, int32_t index);

// A person by name; made when first named, if the file or a step declares it.
bool trial_person_named(struct trial_run *run, struct place place, struct view name,
                        struct trial_person **ret_person);
bool trial_arg_person(struct trial_run *run, const struct trial_line *line, const char *key,
                      struct trial_person **ret_person);
bool trial_arg_thing(struct trial_run *run, const struct trial_line *line, const char *key,
                     struct trial_thing **ret_thing);  // NULL if absent
bool trial_arg_request(struct trial_run *run, const struct trial_line *line, const char *key,
                       struct trial_request **ret_request);
bool trial_arg_role(struct trial_run *run, const struct trial_line *line, int32_t *ret_role);
// -1 if the policy does not know it; no error.
int32_t trial_arg_purpose(const struct trial_run *run, const struct trial_line *line,
                          const char *key);
// A party or a category of recipients; one that the policy does not know is named all the same.
struct use_leaving trial_arg_leaving(const struct trial_run *run, const struct trial_line *line,
                                     const char *key);
// Fields of a key, categories opened; those that the policy does not know are errors.
bool trial_arg_fields(struct trial_run *run, const struct trial_line *line, const char *key,
                      struct set *ret_fields);
bool trial_arg_channel(struct trial_run *run, const struct trial_line *line, const char *key,
                       int32_t *ret_channel);  // GATE_NO_CHANNEL if absent
bool trial_arg_time(struct trial_run *run, const struct trial_line *line, const char *key,
                    int64_t *ret_us);  // 0 if absent
bool trial_arg_number(struct trial_run *run, const struct trial_line *line, const char *key,
                      int64_t *ret_number);

#endif
