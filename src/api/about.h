// What there is about a person as members of JSON documents, the same from a route and from a
// command. No value is among it.
#ifndef FORVAR_API_ABOUT_H
#define FORVAR_API_ABOUT_H

#include "base/document.h"
#include "core/core.h"
#include "core/overview.h"
#include "core/task.h"

// id, kinds, marketing_off, things, events, records (counts).
void about_set_subject(struct document *object, const struct core *core,
                       const struct overview *overview);
// Each with id, type, in, recorded, spans (name, state, end). `thing` 0: all of them.
struct document *about_things(const struct core *core, const struct overview *overview,
                              int64_t thing);
// Each with thing, event, name, effective, recorded, retracted. `thing` 0: of all things.
struct document *about_events(const struct core *core, const struct overview *overview,
                              int64_t thing);
// Each with field, number, version, thing, point, source, recorded, obtained, purposes, end, gone.
// `purpose` -1: all; else those that serve it. `fields` NULL: all; else those of these fields.
struct document *about_records(const struct core *core, const struct overview *overview,
                               int32_t purpose, const struct set *fields);

// subject, task, kind, about, party, state, answer, attempt, made, due, overdue, closed, history.
struct document *about_task(const struct core *core, const struct task_row *row);

// "at", "open" or "none", and the two instants where there are any.
void about_set_end(struct document *object, const struct policy *policy, const struct end *end);

// The names that rows refer to by number; "?" for one that the register does not know.
const char *about_thing_type(const struct overview *overview, const struct thing_row *row);
const char *about_event_name(const struct overview *overview, const struct event_row *row);
const char *about_field(const struct overview *overview, const struct overview_record *record);

#endif
