// The rows of the store and what can be done with them, by noun. The schema is in schema.c from
// type tokens; the columns of a table are the members of its row in this order.
//
// Tables with a person are subject tables: person first in every key, distributed by it. Tables
// without are catalog tables (replicated everywhere) or, for look-ups, distributed by their hash.
// Blobs and views that are returned live until the next call on the same store.
//
// Put functions replace the row of the same key; add functions refuse (ERR_EXISTS). Get functions
// set *ret_found. Each functions call back for every row in key order; the callback must not use
// the same store; it returns ERR_OK to go on, anything else stops and is passed through.
#ifndef FORVAR_STORE_ROWS_H
#define FORVAR_STORE_ROWS_H

#include "store/rows_catalog.h"
#include "store/rows_imported.h"
#include "store/rows_log.h"
#include "store/rows_lookup.h"
#include "store/rows_person.h"
#include "store/rows_right.h"
#include "store/rows_stop.h"
#include "store/rows_tally.h"
#include "store/rows_task.h"
#include "store/rows_thing.h"
#include "store/rows_work.h"

#endif
