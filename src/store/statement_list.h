// The tables of statements, one for each file of nouns.
#ifndef FORVAR_STORE_STATEMENT_LIST_H
#define FORVAR_STORE_STATEMENT_LIST_H

#include "store/statement.h"

extern const struct statement_table store_catalog_statements;
extern const struct statement_table store_choice_statements;
extern const struct statement_table store_consent_statements;
extern const struct statement_table store_due_statements;
extern const struct statement_table store_exception_statements;
extern const struct statement_table store_hold_statements;
extern const struct statement_table store_imported_statements;
extern const struct statement_table store_key_statements;
extern const struct statement_table store_log_statements;
extern const struct statement_table store_lookup_statements;
extern const struct statement_table store_objection_statements;
extern const struct statement_table store_operation_statements;
extern const struct statement_table store_outbox_statements;
extern const struct statement_table store_person_statements;
extern const struct statement_table store_record_statements;
extern const struct statement_table store_request_statements;
extern const struct statement_table store_restriction_statements;
extern const struct statement_table store_service_statements;
extern const struct statement_table store_tally_statements;
extern const struct statement_table store_task_statements;
extern const struct statement_table store_thing_statements;

// All of them.
extern const struct statement_table *const statement_tables[];
extern const size_t statement_tables_count;

#endif
